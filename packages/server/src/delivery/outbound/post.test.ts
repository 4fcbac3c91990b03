import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { createLookUp } from './look-up.ts';
import { describeFailure, type Post, postAndRead } from './post.ts';

const { dpTls, ci } = makeTestPki({
  random: systemRandom,
  now: Date.now(),
  generateKey: generateSigningKey,
  curve: 'P-256',
  hosts: ['localhost'],
});
const LONG = 'x'.repeat(100_000);

/** Answers each message with itself, and counts connections. */
async function echo() {
  const identity = { cert: certificatePem(dpTls.certificate), key: dpTls.key.exportPem() };
  const server: Server = createServer(identity, async (request, response) => {
    response.end(Buffer.concat(await request.toArray()));
  });
  const counts = { connections: 0, sent: 0 };
  server.on('secureConnection', () => {
    counts.connections += 1;
  });
  await once(server.listen(0, 'localhost'), 'listening');
  const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
  const send = (body: string, more: Partial<Post> = {}) =>
    postAndRead(
      {
        url,
        headers: {},
        body,
        allowPrivate: true,
        lookUp: createLookUp([]),
        tls: { ca: certificatePem(ci.certificate) },
        timeoutMs: 5000,
        signal: new AbortController().signal,
        onSend: () => {
          counts.sent += 1;
        },
        ...more,
      },
      4096,
    );
  return { server, send, counts, [Symbol.dispose]: () => void server.close().closeAllConnections() };
}

test('each message has a connection of its own, unless one may be kept', async () => {
  using own = await echo();
  for (const body of ['a', 'b', 'c']) assert.equal(String((await own.send(body)).body), body);
  assert.deepEqual(own.counts, { connections: 3, sent: 3 });
  using kept = await echo();
  for (const body of ['a', 'b', 'c'])
    assert.equal(String((await kept.send(body, { keepsConnection: true })).body), body);
  assert.deepEqual(kept.counts, { connections: 1, sent: 3 });
});

test('a connection is not kept after an answer that was not read to its end, nor used with other settings', async () => {
  using server = await echo();
  const send = (body: string, more: Partial<Post> = {}) =>
    server.send(body, { keepsConnection: true, ...more });
  assert.equal((await send(LONG)).isWhole, false);
  await send('a');
  assert.equal(server.counts.connections, 2);
  const { key } = dpTls;
  const client = { key: key.exportPem(), cert: certificatePem(dpTls.certificate) };
  await send('a', { tls: { ca: certificatePem(ci.certificate), ...client } });
  assert.equal(server.counts.connections, 3);
  await assert.rejects(send('a', { tls: {} }), 'the CA is not trusted any more');
});

test('a connection that the server has closed is not used again', async () => {
  using server = await echo();
  await server.send('a', { keepsConnection: true });
  server.server.closeAllConnections();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(String((await server.send('b', { keepsConnection: true })).body), 'b');
  assert.deepEqual(server.counts, { connections: 2, sent: 2 });
});

test('a certificate that is not accepted is named, and no missing response', () => {
  const cases = {
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the CA that issued the certificate of the server is not trusted',
    CERT_HAS_EXPIRED: 'the certificate of the server has expired',
    CERT_REVOKED: 'TLS failed (CERT_REVOKED)',
    EPIPE: 'no response (EPIPE)',
  };
  for (const [code, text] of Object.entries(cases))
    assert.equal(describeFailure(Object.assign(new Error('x'), { code })), text);
});
