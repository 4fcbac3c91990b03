import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import { encode, encodeWithBytes, toBase64 } from '@esim-rsp/codec';
import { AuthenticateServerResponse, ServerSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { Signature, SubjectKeyIdentifier } from '@esim-rsp/sgp22/asn1/common';
import { CancelSessionResponse, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { NotificationMetadata, PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { Refusal, type StatusCode } from '@esim-rsp/sgp22/status';
import { transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '@esim-rsp/smdp/env';
import type { Es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { Store } from '@esim-rsp/smdp/ports';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import type { Change } from '@esim-rsp/smdp/state/change';
import fc from 'fast-check';
import { createCodeAttempts } from '../../limits/code-attempts.ts';
import type { RefusedCall } from '../../store/ports/refused-calls.ts';
import { createRspServer } from '../tls-server.ts';
import { es9Listener } from './listener.ts';

const now = Date.now();
const chance = { random: systemRandom, generateKey: generateSigningKey };
const pki = makeTestPki({ ...chance, now, curve: 'P-256', hosts: ['localhost'] });

/** What the functions under test were asked to do: any change of state would show here. */
const saved: Change[] = [];
const logged: string[] = [];
const refusalsLogged: string[] = [];
const refusedCalls: Omit<RefusedCall, 'skipped'>[] = [];

const id = Uint8Array.from({ length: 16 }, (_, i) => i);
const session: Change = {
  session: {
    stage: 'initiated',
    transactionId: transactionIdFromBytes(id),
    version: 0,
    expiresAt: 0,
    smdpCiPKId: id,
  },
};

function decides<R>(decide: () => R): ProtocolFunction<unknown, undefined, R> {
  return {
    load: async () => undefined,
    decide: () => ({ reply: decide(), save: [session] }),
  };
}

function fails(error: Error): ProtocolFunction<unknown, undefined, never> {
  return decides(() => {
    throw error;
  });
}

const functions: Es9Functions = {
  initiateAuthentication: decides(() => ({
    transactionId: transactionIdFromBytes(id),
    serverSigned1: encodeWithBytes(ServerSigned1, {
      transactionId: id,
      euiccChallenge: id,
      serverAddress: 'localhost',
      serverChallenge: id,
    }),
    serverSignature1: encodeWithBytes(Signature, new Uint8Array(64)),
    euiccCiPKIdToBeUsed: encodeWithBytes(SubjectKeyIdentifier, id),
    serverCertificate: pki.dpAuth.certificate,
  })),
  authenticateClient: fails(
    new Refusal({ subjectCode: '8.2.6', reasonCode: '3.8', message: 'no download is waiting' }, 'waiting'),
  ),
  getBoundProfilePackage: fails(new Error('a bug with Ki 00112233')),
  cancelSession: decides(() => ({})),
  handleNotification: decides(() => undefined),
};

const unused = async () => undefined;
const store: Store = {
  session: unused,
  profile: unused,
  profileByMatchingId: unused,
  profilesWaitingFor: async () => [],
  isFormerCall: async () => false,
  upstreamOfType: unused,
  hasFormer: async () => false,
  availableOfType: async () => [],
  knowsType: async () => false,
  template: unused,
  takenIccids: async () => [],
  reservedForOthers: async () => [],
  profileOrderedBy: unused,
  operation: unused,
  upstream: unused,
  use: unused,
  content: unused,
  save: async (changes) => {
    saved.push(...changes);
    return 'saved';
  },
};
const done: string[] = [];
const service = {
  functions,
  store,
  env: () => ({ now }) as Env, // none of the functions above looks at it
  codeAttempts: createCodeAttempts({ perEuicc: 0, perAddress: 0, isPublicCi: () => false }),
  refusedCalls: { record: (call: Omit<RefusedCall, 'skipped'>) => void refusedCalls.push(call) },
  log: {
    done: (name: string, transactionId = 'none') => void done.push(`${name} ${transactionId}`),
    refused: (name: string, { subjectCode, reasonCode }: StatusCode, transactionId = 'none') =>
      void refusalsLogged.push(`${name} ${subjectCode}/${reasonCode} ${transactionId}`),
    failed: (name: string, errorId: string, error: unknown) =>
      void logged.push(`${name} ${errorId} ${error}`),
  },
};

const server = createRspServer({ dpTls: () => [pki.dpTls], requestSeconds: 30 });
server.on('request', es9Listener(service, { bodyBytes: 65_536 }));
server.listen(0, 'localhost');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const ca = certificatePem(pki.ci.certificate);
after(() => {
  server.closeAllConnections();
  server.close();
});

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

function call(
  path: string,
  body: string | Buffer,
  { method = 'POST', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request({ host: 'localhost', port, path, method, ca, headers }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

const info1 = encode(EUICCInfo1, {
  svn: Uint8Array.of(2, 3, 0),
  euiccCiPKIdListForVerification: [id],
  euiccCiPKIdListForSigning: [id],
});
const initiate = {
  euiccChallenge: toBase64(id),
  euiccInfo1: toBase64(info1),
  smdpAddress: 'localhost',
};
const { path } = es9plus.initiateAuthentication;

function codesOf(text: string): string {
  const { header, ...others } = JSON.parse(text);
  assert.deepEqual(others, {}, 'there is nothing beside the header of a failed call');
  const { status, statusCodeData } = header.functionExecutionStatus;
  return `${status} ${statusCodeData.subjectCode}/${statusCodeData.reasonCode}`;
}

async function refused(at: string, body: string, codes: string): Promise<void> {
  const before = saved.length;
  const { status, headers, text } = await call(at, body);
  assert.equal(status, 200);
  assert.equal(headers['x-admin-protocol'], ADMIN_PROTOCOL);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(codesOf(text), codes);
  assert.equal(saved.length, before, 'nothing was saved');
}

test('a call is answered with a header and the documented members, over TLS with CERT.DPtls', async () => {
  const { status, headers, text } = await call(path, JSON.stringify({ ...initiate, header: {}, more: 1 }), {
    headers: { 'X-Admin-Protocol': 'gsma/rsp/v2.2.2', 'Content-Type': 'application/json;charset=UTF-8' },
  });
  assert.equal(status, 200);
  assert.equal(headers['x-admin-protocol'], ADMIN_PROTOCOL);
  const answer = JSON.parse(text);
  assert.deepEqual(answer.header, { functionExecutionStatus: { status: 'Executed-Success' } });
  assert.deepEqual(Object.keys(answer).toSorted(), [
    'euiccCiPKIdToBeUsed',
    'header',
    'serverCertificate',
    'serverSignature1',
    'serverSigned1',
    'transactionId',
  ]);
});

test('a function without response members answers with the header only', async () => {
  const response = encode(CancelSessionResponse, { cancelSessionResponseError: 127 });
  const cancel = { transactionId: '00', cancelSessionResponse: toBase64(response) };
  const { text } = await call(es9plus.cancelSession.path, JSON.stringify(cancel));
  assert.deepEqual(Object.keys(JSON.parse(text)), ['header']);
});

for (const member of Object.keys(initiate)) {
  test(`without ${member} the request is incomplete`, () =>
    refused(path, JSON.stringify({ ...initiate, [member]: undefined }), 'Failed 1.6/2.2'));
  for (const wrong of [1, true, {}, ['x'], ''])
    test(`${member} must not be ${JSON.stringify(wrong)}`, async () => {
      if (member === 'smdpAddress' && wrong === '') return; // any text is a name that we may not have
      await refused(path, JSON.stringify({ ...initiate, [member]: wrong }), 'Failed 1.6/2.1');
    });
}

for (const body of ['', '{', 'null', '[]', '"text"', '1', '\u0000', '['.repeat(30_000)])
  test(`a body of ${JSON.stringify(body.slice(0, 8))} cannot be read`, () =>
    refused(path, body, 'Failed 1.6/2.1'));

test('mutated base64 and DER are refused, or read as something else, and never break anything', async () => {
  const before = logged.length;
  const mutation = fc.tuple(fc.nat(initiate.euiccInfo1.length - 1), fc.integer({ min: 32, max: 126 }));
  await fc.assert(
    fc.asyncProperty(mutation, fc.boolean(), async ([at, code], cut) => {
      const { euiccInfo1: text } = initiate;
      const rest = cut ? '' : String.fromCharCode(code) + text.slice(at + 1);
      const body = JSON.stringify({ ...initiate, euiccInfo1: text.slice(0, at) + rest });
      const { status, text: answer } = await call(path, body);
      assert.equal(status, 200);
      const { header } = JSON.parse(answer);
      if (header.functionExecutionStatus.status === 'Failed')
        assert.match(codesOf(answer), /^Failed 1\.6\/2\.[12]$/);
    }),
    { numRuns: 150 },
  );
  assert.equal(logged.length, before, 'none of it is a bug');
});

test('a refusal has its codes and its message', async () => {
  const response = encode(AuthenticateServerResponse, {
    authenticateResponseError: { transactionId: id, authenticateErrorCode: 127 },
  });
  const body = JSON.stringify({ transactionId: '00', authenticateServerResponse: toBase64(response) });
  const { text } = await call(es9plus.authenticateClient.path, body);
  assert.equal(codesOf(text), 'Failed 8.2.6/3.8');
  assert.match(text, /"message":"no download is waiting"/);
});

const response = encode(AuthenticateServerResponse, {
  authenticateResponseError: { transactionId: id, authenticateErrorCode: 127 },
});

test('the log of a refusal names the session, where the request could be read', async () => {
  const response = encode(AuthenticateServerResponse, {
    authenticateResponseError: { transactionId: id, authenticateErrorCode: 127 },
  });
  const authenticateServerResponse = toBase64(response);
  const { path } = es9plus.authenticateClient;
  await call(path, JSON.stringify({ transactionId: '0a1b', authenticateServerResponse }));
  assert.equal(refusalsLogged.at(-1), 'authenticateClient 8.2.6/3.8 0A1B');
  await call(path, JSON.stringify({ transactionId: 'no hex', authenticateServerResponse }));
  assert.equal(refusalsLogged.at(-1), 'authenticateClient 1.6/2.1 none');
});

test('the log of an answered call names the session: of the request, or of the reply that opens it', async () => {
  await call(path, JSON.stringify(initiate));
  assert.match(done.at(-1) ?? '', /^initiateAuthentication (?!none)[0-9A-F]+$/);
  const cancelSessionResponse = toBase64(encode(CancelSessionResponse, { cancelSessionResponseError: 127 }));
  await call(es9plus.cancelSession.path, JSON.stringify({ transactionId: '0a1b', cancelSessionResponse }));
  assert.equal(done.at(-1), 'cancelSession 0A1B');
  await call(
    es9plus.handleNotification.path,
    JSON.stringify({ pendingNotification: otherSignedNotification() }),
  );
  assert.equal(done.at(-1), 'handleNotification none');
});

test('each answer has the id of its request: the one that was sent, or a new one', async () => {
  const sent = await call(path, JSON.stringify(initiate), { headers: { 'X-Request-Id': 'r-7' } });
  assert.equal(sent.headers['x-request-id'], 'r-7');
  for (const [at, headers] of [
    [path, { 'X-Request-Id': 'not well-formed' }],
    ['/nowhere', {}],
  ] as const)
    assert.match(String((await call(at, '{', { headers })).headers['x-request-id']), /^[0-9a-f-]{36}$/);
});

test('a refusal is recorded with the address, the check and the CIs that the eUICC has', async () => {
  const body = JSON.stringify({ transactionId: '0a1b', authenticateServerResponse: toBase64(response) });
  await call(es9plus.authenticateClient.path, body);
  const { at, address, ...recorded } = refusedCalls.at(-1) ?? assert.fail();
  assert.ok(Math.abs(Date.now() - at) < 60_000);
  assert.match(address, /127\.0\.0\.1|::1/);
  assert.deepEqual(recorded, {
    function: 'authenticateClient',
    refused: { subjectCode: '8.2.6', reasonCode: '3.8', message: 'no download is waiting' },
    check: 'waiting',
    transactionId: '0A1B',
    ciPKIds: [],
  });
  await call(path, '{');
  const { check, ciPKIds, ...unread } = refusedCalls.at(-1) ?? assert.fail();
  assert.deepEqual([unread.function, check, ciPKIds], ['initiateAuthentication', undefined, []]);
});

test('a bug is logged with an id, and the caller learns the id only', async () => {
  const before = logged.length;
  const response = encode(PrepareDownloadResponse, {
    downloadResponseError: { transactionId: id, downloadErrorCode: 127 },
  });
  const body = JSON.stringify({ transactionId: '00', prepareDownloadResponse: toBase64(response) });
  const { status, text } = await call(es9plus.getBoundProfilePackage.path, body);
  assert.equal(status, 200);
  assert.equal(codesOf(text), 'Failed 1.2/4.2');
  assert.ok(!text.includes('Ki'));
  assert.equal(logged.length, before + 1);
  const errorId = logged.at(-1)?.split(' ')[1] ?? 'none';
  assert.ok(text.includes(errorId));
});

test('a notification is answered 204 without a body when it could be read', async () => {
  const pendingNotification = otherSignedNotification();
  const { status, headers, text } = await call(
    es9plus.handleNotification.path,
    JSON.stringify({ pendingNotification }),
  );
  assert.deepEqual([status, text], [204, '']);
  assert.equal(headers['x-admin-protocol'], ADMIN_PROTOCOL);
  await refused(es9plus.handleNotification.path, '{}', 'Failed 1.6/2.2');
});

/** OtherSignedNotification with any certificates: whether they are genuine is not the binding's to judge. */
function otherSignedNotification(): string {
  const notification = {
    tbsOtherNotification: encodeWithBytes(NotificationMetadata, {
      seqNumber: 1,
      profileManagementOperation: new Set([1]),
      notificationAddress: 'localhost',
    }),
    euiccNotificationSignature: new Uint8Array(64),
    euiccCertificate: pki.dpAuth.certificate,
    eumCertificate: pki.dpAuth.certificate,
  };
  return toBase64(encode(PendingNotification, { otherSignedNotification: notification }));
}

test('a notification that could not be saved must not look delivered', async () => {
  const { save } = store;
  Object.assign(store, { save: async () => Promise.reject(new Error('the disk is full')) });
  const body = JSON.stringify({ pendingNotification: otherSignedNotification() });
  const { status } = await call(es9plus.handleNotification.path, body);
  Object.assign(store, { save });
  assert.equal(status, 503);
});

test('X-Admin-Protocol of version 1, or nonsense in it, is refused', async () => {
  for (const version of ['gsma/rsp/v1.1.0', 'gsma/rsp2/v2.2.0', 'x'.repeat(5000)]) {
    const { text } = await call(path, JSON.stringify(initiate), { headers: { 'X-Admin-Protocol': version } });
    assert.equal(codesOf(text), 'Failed 1.3.2/3.1');
  }
  const { text } = await call(path, JSON.stringify(initiate), {
    headers: { 'X-Admin-Protocol': 'gsma/rsp/v3.1.0' },
  });
  assert.match(text, /Executed-Success/);
});

test('an unknown function is 404, another method is 405', async () => {
  for (const unknown of ['/', '/gsma/rsp2/es9plus/', `${path}/x`, '/gsma/rsp2/es9plus/__proto__', '//'])
    assert.equal((await call(unknown, '{}')).status, 404, unknown);
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    const { status, headers } = await call(path, '', { method });
    assert.deepEqual([status, headers.allow], [405, 'POST'], method);
    assert.equal(headers['x-admin-protocol'], ADMIN_PROTOCOL);
  }
});

test('JSON may begin with a byte order mark', async () => {
  assert.match((await call(path, `\ufeff${JSON.stringify(initiate)}`)).text, /Executed-Success/);
  assert.equal(codesOf((await call(path, '\ufeff{}')).text), 'Failed 1.6/2.2');
});

test('a request that is too large is 413, whether it says so or not', async () => {
  const large = Buffer.alloc(3_000_000, 0x20);
  const before = saved.length;
  assert.equal((await call(path, large)).status, 413);
  assert.equal((await call(path, large, { headers: { 'Transfer-Encoding': 'chunked' } })).status, 413);
  assert.equal(saved.length, before);
  assert.equal((await call(path, JSON.stringify(initiate))).status, 200);
});

test('a request that breaks off halfway changes nothing', async () => {
  const before = saved.length;
  const socket = connect({ host: 'localhost', port, ca });
  await once(socket, 'secureConnect');
  const body = JSON.stringify(initiate);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length + 10}\r\n\r\n${body}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await once(socket, 'close');
  assert.equal((await call(path, '{}')).status, 200);
  assert.equal(saved.length, before);
});

test('bytes that are no HTTP are answered 400 and the server goes on', async () => {
  const socket = connect({ host: 'localhost', port, ca });
  socket.write('\u0016\u0003\u0001 nonsense\r\n\r\n');
  const [chunk] = await once(socket, 'data');
  assert.match(String(chunk), /^HTTP\/1\.1 400 /);
  socket.destroy();
});

test('TLS 1.2 with ECDHE_ECDSA and AES-128-GCM works; TLS 1.1 and RSA suites do not', async () => {
  const socket = connect({
    host: 'localhost',
    port,
    ca,
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  });
  await once(socket, 'secureConnect');
  assert.equal(socket.getProtocol(), 'TLSv1.2');
  socket.destroy();
  const old = connect({
    host: 'localhost',
    port,
    ca,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
    ciphers: 'ALL@SECLEVEL=0',
  });
  await assert.rejects(once(old, 'secureConnect'));
});
