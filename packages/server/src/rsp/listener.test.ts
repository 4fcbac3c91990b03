import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { rspListener } from './listener.ts';
import { createRspServer } from './tls-server.ts';

const binding = { contentType: 'application/json' };
const server = createRspServer({ dpTls: undefined, requestSeconds: 10 });
server.on(
  'request',
  rspListener(
    {
      name: 'ES9+',
      findBinding: (path) => (path === '/function' ? binding : undefined),
      answer: async (_binding, { body }) => ({ status: 200, body: `read ${body}` }),
      refusal: () => 'refused',
    },
    { bodyBytes: 100_000 },
  ),
);
await once(server.listen(0, '127.0.0.1'), 'listening');
const { port } = server.address() as AddressInfo;
after(() => server.close());

/** All that the server answers to these octets on one connection, up to `end`. */
async function said(pieces: readonly (string | Uint8Array)[], end?: RegExp): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setTimeout(5000, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    heard += piece;
    if (end?.test(heard)) socket.destroy();
  });
  for (const piece of pieces) socket.write(piece);
  await once(socket, 'close');
  return heard;
}

const post = (target: string, more = '') => `POST ${target} HTTP/1.1\r\nHost: a\r\n${more}`;
const CLOSE = 'Connection: close\r\n';

test('the target may be in absolute form, and have a slash at its end', async () => {
  for (const target of [
    '/function',
    'https://rsp.example.com/function',
    'http://a:1/function/?x',
    '/function/',
  ])
    assert.match(
      await said([post(target, `${CLOSE}Content-Length: 2\r\n\r\n{}`)]),
      /^HTTP\/1\.1 200 [\s\S]*read \{\}$/,
    );
  for (const target of ['/function//', 'https://a', '//function'])
    assert.match(await said([post(target, `${CLOSE}Content-Length: 2\r\n\r\n{}`)]), /^HTTP\/1\.1 404 /);
});

test('a compressed body is unpacked, and no more of it than the function takes', async () => {
  const send = (coding: string, body: Uint8Array) =>
    said([
      post('/function', `${CLOSE}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
    ]);
  assert.match(await send('gzip', gzipSync('hello')), /read hello$/);
  assert.match(await send('BR', brotliCompressSync('hello')), /read hello$/);
  assert.match(await send('identity', Buffer.from('hello')), /read hello$/);
  assert.match(await send('gzip', gzipSync(Buffer.alloc(50_000_000))), /^HTTP\/1\.1 413 /);
  assert.match(
    await send('gzip', Buffer.from('hello')),
    /^HTTP\/1\.1 400 [\s\S]*not gzip, as Content-Encoding says/,
  );
  assert.match(await send('gzip', gzipSync('hello').subarray(0, -4)), /^HTTP\/1\.1 400 /);
  const unknown = await send('zstd', Buffer.from('hello'));
  assert.match(
    unknown,
    /^HTTP\/1\.1 415 [\s\S]*Accept-Encoding: gzip, deflate, br\r\n[\s\S]*Content-Encoding zstd/,
  );
});

test('100 Continue asks for a body that is not too large, and other expectations are 417', async () => {
  const expecting = (length: number, what = '100-continue') =>
    post('/function', `Expect: ${what}\r\nContent-Length: ${length}\r\n\r\n`);
  assert.match(await said([expecting(2), '{}'], /read/), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  assert.match(await said([expecting(1_000_000)]), /^HTTP\/1\.1 413 [\s\S]*Connection: close/);
  assert.match(await said([expecting(2, 'a-miracle'), '{}']), /^HTTP\/1\.1 417 [\s\S]*only 100-continue is/);
});

test('a body that is too large is answered while it is sent, and the next request on the connection works', async () => {
  const next = post('/function', 'Content-Length: 2\r\n\r\n{}');
  const large = [post('/function', 'Content-Length: 3000000\r\n\r\n'), Buffer.alloc(3_000_000), next];
  assert.match(await said(large, /read/), /^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /);
  const chunk = ['2dc6c0\r\n', Buffer.alloc(3_000_000), '\r\n0\r\n\r\n'];
  const chunked = [post('/function', 'Transfer-Encoding: chunked\r\n\r\n'), ...chunk, next];
  assert.match(await said(chunked, /read/), /^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /);
});
