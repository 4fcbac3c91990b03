import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import type { Fault } from '@esim-rsp/euicc/fault';
import { startToleranceBench, type ToleranceBench } from './device.ts';

// Each test is a whole download over TLS by a device that sends its messages otherwise than SGP.22 6.5 describes.

let bench: ToleranceBench;
before(async () => {
  bench = await startToleranceBench();
});
after(() => bench[Symbol.asyncDispose]());

const sentWith = (headers: Readonly<Record<string, string | undefined>>) =>
  bench.downloads({ sending: { headers } });

test('a request may hold JSON members that are not known', () =>
  bench.downloads({
    sending: {
      members: (members) => ({
        ...members,
        lpaRspCapability: 'gAEA',
        useMatchingIdForAcr: false,
        later: { deeper: [1, null] },
        nothing: null,
      }),
    },
  }));

test('a request may hold a header object', () =>
  bench.downloads({
    sending: {
      members: (members) => ({
        header: { functionRequesterIdentifier: '2.999', functionCallIdentifier: '1' },
        ...members,
      }),
    },
  }));

test('Content-Type may have a charset', () => sentWith({ 'content-type': 'application/json;charset=UTF-8' }));

test('Content-Type may be absent', () => sentWith({ 'content-type': undefined }));

test('User-Agent may be absent', () => sentWith({ 'user-agent': undefined }));

test('X-Admin-Protocol may be absent', () => sentWith({ 'x-admin-protocol': undefined }));

test('a transactionId may be in lower case', () =>
  bench.downloads({
    sending: {
      members: ({ transactionId, ...members }) => ({
        ...members,
        ...(transactionId !== undefined && { transactionId: transactionId.toLowerCase() }),
      }),
    },
  }));

test('base64 may have line breaks', () => {
  const broken = (text: string) => text.replace(/.{64}/g, '$&\r\n');
  return bench.downloads({
    sending: {
      members: (members) =>
        Object.fromEntries(
          Object.entries(members).map(([name, text]) => [
            name,
            ['transactionId', 'smdpAddress'].includes(name) ? text : `${broken(text)}\n`,
          ]),
        ),
    },
  });
});

test('every call may come over a TLS connection of its own', async () => {
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, rejectUnauthorized: false });
  let connections = 0;
  agent.on('free', () => assert.fail('a connection was used again'));
  const connected = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    connections++;
    return connected(...args);
  };
  await bench.downloads({ sending: { agent } });
  assert.equal(connections, 4);
});

test('TLS may be on brainpoolP256r1 only, with the certificate on that curve', async () => {
  const agent = new Agent({ rejectUnauthorized: false, maxVersion: 'TLSv1.2', ecdhCurve: 'brainpoolP256r1' });
  await bench.downloads({ sending: { agent } });
});

const addressedTo = (written: (address: string) => string): Fault => ({
  initiateAuthentication: (request) => ({ ...request, smdpAddress: written(request.smdpAddress) }),
});

test('smdpAddress may be in another case', () =>
  bench.downloads({ fault: addressedTo((address) => address.toUpperCase()) }));

test('smdpAddress may have another port, or none', async () => {
  await bench.downloads({ fault: addressedTo((address) => address.replace(/:\d+$/, '')) });
  await bench.downloads({ fault: addressedTo((address) => `${address.replace(/:\d+$/, '')}:443`) });
});
