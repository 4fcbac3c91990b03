import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { clientAddressOf } from './client-address.ts';
import { limitConnections } from './connections.ts';
import { noNetworks, parseNetworks, parseProxies } from './networks.ts';
import { parseProxyHeader } from './proxy-protocol.ts';
import { createRounds } from './rounds.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const hex = (text: string) => Buffer.from(text, 'hex');

/** Version 2 of a header. */
function v2(command: string, family: string, content: string): Buffer {
  const length = (content.length / 2).toString(16).padStart(4, '0');
  return hex(`${SIGNATURE}${command}${family}${length}${content}`);
}

const V4 = `cb007107${'c0000201'}${'9c41'}${'01bb'}`;
const V6 = `20010db8000000000000000000000008${'20010db8000000000000000000000001'}${'9c41'}${'01bb'}`;

test('headers of both versions are read', () => {
  const cases: readonly (readonly [Buffer, string | undefined])[] = [
    [Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 40001 443\r\n'), '203.0.113.7'],
    [Buffer.from('PROXY TCP6 2001:DB8::8 2001:db8::1 40001 443\r\n'), '2001:db8::8'],
    [Buffer.from('PROXY TCP6 ::ffff:203.0.113.7 ::1 40001 443\r\n'), '203.0.113.7'],
    [Buffer.from('PROXY UNKNOWN\r\n'), undefined],
    [Buffer.from('PROXY UNKNOWN ff:ff 1 2 3\r\n'), undefined],
    [v2('21', '11', V4), '203.0.113.7'],
    [v2('21', '11', `${V4}04000130`), '203.0.113.7'], // with an extension
    [v2('21', '21', V6), '2001:db8::8'],
    [v2('20', '00', ''), undefined],
    [v2('20', '11', V4), undefined], // LOCAL: a health check of the proxy
    [v2('21', '00', ''), undefined],
  ];
  for (const [octets, source] of cases) {
    const header = source === undefined ? { length: octets.length } : { length: octets.length, source };
    assert.deepEqual(
      parseProxyHeader(Buffer.concat([octets, Buffer.from('more')])),
      header,
      octets.toString(),
    );
    for (let length = 0; length < octets.length; length++)
      assert.equal(parseProxyHeader(octets.subarray(0, length)), 'more', `${length} of ${octets}`);
  }
});

test('anything else is refused', () => {
  const wrong = [
    Buffer.from('GET / HTTP/1.1\r\n'),
    hex('160301'),
    Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 40001\r\n'),
    Buffer.from('PROXY TCP4 2001:db8::8 192.0.2.1 1 2\r\n'),
    Buffer.from('PROXY TCP6 203.0.113.7 ::1 1 2\r\n'),
    Buffer.from('PROXY TCP4 203.0.113.256 192.0.2.1 1 2\r\n'),
    Buffer.from('PROXY  TCP4 203.0.113.7 192.0.2.1 1 2\r\n'),
    Buffer.from('proxy TCP4 203.0.113.7 192.0.2.1 1 2\r\n'),
    Buffer.from(`PROXY TCP4 ${'1'.repeat(200)}`),
    v2('31', '11', V4),
    v2('22', '11', V4),
    v2('21', '12', V4),
    v2('21', '31', V4),
    v2('21', '11', V4.slice(2)),
    v2('21', '21', V4),
    hex(`${SIGNATURE}2111ffff`),
  ];
  for (const octets of wrong) assert.equal(parseProxyHeader(octets), undefined, octets.toString('latin1'));
  fc.assert(fc.property(fc.uint8Array(), (octets) => void parseProxyHeader(Buffer.from(octets))));
});

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

/** A server that answers with the address of the client. */
async function serve(proxyProtocol: string): Promise<(start: string) => Promise<string>> {
  const trusted = parseProxies('1');
  const server = createHttpServer((request, response) => response.end(clientAddressOf(request, trusted)));
  limitConnections(server, {
    rounds: createRounds(),
    waitMs: 1000,
    total: 100,
    perAddress: 100,
    proxies: noNetworks,
    proxyProtocol: parseNetworks(proxyProtocol),
    report: () => undefined,
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return async (start) => {
    const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => undefined);
    for (const part of start.match(/.{1,9}/gs) ?? []) {
      socket.write(part, 'latin1');
      await new Promise(setImmediate);
    }
    return (
      Buffer.concat(await socket.toArray().catch(() => []))
        .toString()
        .split('\r\n\r\n')
        .at(-1) ?? ''
    );
  };
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.9\r\nConnection: close\r\n\r\n';

test('the address that a listed proxy announces is that of the client, who cannot name another one', async () => {
  const send = await serve('127.0.0.1');
  assert.equal(await send(`PROXY TCP4 203.0.113.7 192.0.2.1 40001 443\r\n${GET}`), '203.0.113.7');
  assert.equal(await send(`${v2('21', '21', V6).toString('latin1')}${GET}`), '2001:db8::8');
  assert.equal(await send(GET), '', 'a listed proxy must send the header');
  assert.equal(await send(`PROXY TCP4 1.2.3 4 5 6\r\n${GET}`), '');
});

test('anybody else cannot announce an address', async () => {
  const send = await serve('192.0.2.0/24');
  assert.doesNotMatch(await send(`PROXY TCP4 203.0.113.7 192.0.2.1 40001 443\r\n${GET}`), /203\.0\.113\.7/);
  assert.equal(await send(GET), '198.51.100.9');
});
