import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { Agent, request } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { after, before, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { needsBrainpool, readClientHello } from './client-hello.ts';
import { createRspServer, type DpTls } from './tls-server.ts';

const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
const dpTls = (curve: 'P-256' | 'brainpoolP256r1') =>
  makeTestPki({ ...env, curve, hosts: ['localhost'] }).dpTls;
const both: DpTls = [dpTls('P-256'), dpTls('brainpoolP256r1')];
const server = createRspServer({ dpTls: () => both, requestSeconds: 30 });
server.on('request', (asked, response) => asked.resume().on('end', () => response.end('served')));

let port: number;
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
after(() => server.close());

/** The version of TLS agreed on, and the curve of the certificate shown. */
async function shownTo(options: ConnectionOptions): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  const { curve } = readCertificate((socket.getPeerX509Certificate() ?? assert.fail()).raw);
  const shown = `${socket.getProtocol()} ${curve}`;
  socket.destroy();
  return shown;
}

const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const tls13 = { minVersion: 'TLSv1.3' } as const;

test('a client that has P-256 is shown the certificate on P-256, whatever else it has', async () => {
  assert.equal(await shownTo({}), 'TLSv1.3 P-256');
  assert.equal(await shownTo(tls12), 'TLSv1.2 P-256');
  assert.equal(await shownTo({ ...tls12, ecdhCurve: 'prime256v1' }), 'TLSv1.2 P-256');
  assert.equal(await shownTo({ ...tls12, ecdhCurve: 'brainpoolP256r1:prime256v1' }), 'TLSv1.2 P-256');
});

test('a client that has brainpoolP256r1 only is shown the certificate on it', async () => {
  assert.equal(await shownTo({ ...tls12, ecdhCurve: 'brainpoolP256r1' }), 'TLSv1.2 brainpoolP256r1');
  const sigalgs = 'ecdsa_secp256r1_sha256'; // ECDSA with SHA-256 on any curve, before TLS 1.3
  assert.equal(await shownTo({ ...tls12, ecdhCurve: 'brainpoolP256r1', sigalgs }), 'TLSv1.2 brainpoolP256r1');
  assert.equal(await shownTo({ ...tls13, ecdhCurve: 'brainpoolP256r1tls13' }), 'TLSv1.3 brainpoolP256r1');
});

test('a client that has brainpoolP256r1 only, and cannot verify it in TLS 1.3, gets TLS 1.2', async () => {
  const sigalgs = 'ECDSA+SHA256:RSA-PSS+SHA256'; // without ecdsa_brainpoolP256r1tls13_sha256
  const ecdhCurve = 'brainpoolP256r1:X25519';
  assert.equal(await shownTo({ ecdhCurve, sigalgs }), 'TLSv1.2 brainpoolP256r1');
  const full = 'ecdsa_brainpoolP256r1tls13_sha256:ecdsa_secp256r1_sha256';
  assert.equal(await shownTo({ ecdhCurve, sigalgs: full }), 'TLSv1.3 brainpoolP256r1');
  await using only = await listening(
    createRspServer({ dpTls: () => [both[1] ?? assert.fail()], requestSeconds: 30 }),
  );
  const curves = 'prime256v1:brainpoolP256r1:X25519';
  const options = { port: only.port, ecdhCurve: curves };
  assert.equal(await shownTo({ ...options, sigalgs }), 'TLSv1.2 brainpoolP256r1');
  assert.equal(await shownTo({ ...options, sigalgs: full }), 'TLSv1.3 brainpoolP256r1');
});

const opensslVersion = spawnSync('openssl', ['version']).stdout?.toString() ?? '';

test('OpenSSL 3.0, which has no Brainpool in TLS 1.3, gets the Brainpool certificate with TLS 1.2', {
  skip: !opensslVersion.startsWith('OpenSSL 3.0.') && 'there is no openssl 3.0 here',
}, async () => {
  const shown = await openssl('-groups', 'brainpoolP256r1:X25519');
  assert.match(shown, /Protocol *: TLSv1\.2/);
  assert.match(shown, /Peer signature type: ECDSA/);
  assert.match(shown, /Server Temp Key: (?:X25519|ECDH, brainpoolP256r1)/);
  assert.match(await openssl(), /New, TLSv1\.3, Cipher is TLS_AES_128_GCM_SHA256/);
});

/** What `openssl s_client` says after the handshake. */
async function openssl(...options: string[]): Promise<string> {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end('Q\n');
  const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  return Buffer.concat([...out, ...err]).toString();
}

async function listening(server: Server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}

test('TLS 1.2 has both cipher suites that SGP.22 2.6.6 makes mandatory, the one with CBC last, and none that is weaker', async () => {
  const chosen = async (ciphers: string, ecdhCurve = 'prime256v1') => {
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ...tls12, ciphers, ecdhCurve };
    const socket = connect({ ...options, secureOptions: 0 });
    await once(socket, 'secureConnect');
    const { name } = socket.getCipher();
    socket.destroy();
    return name;
  };
  const [gcm, cbc] = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256'];
  for (const curve of ['prime256v1', 'brainpoolP256r1'])
    for (const cipher of [gcm, cbc]) assert.equal(await chosen(cipher, curve), cipher);
  assert.equal(await chosen(`${cbc}:ECDHE-ECDSA-CHACHA20-POLY1305`), 'ECDHE-ECDSA-CHACHA20-POLY1305');
  assert.equal(await chosen(`${cbc}:${gcm}`), gcm);
  const weaker = [
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA384',
    'ECDHE-ECDSA-NULL-SHA',
    'AES128-SHA256',
  ];
  for (const cipher of weaker)
    await assert.rejects(chosen(`${cipher}:@SECLEVEL=0`), { code: /HANDSHAKE_FAILURE|NO_CIPHER/ }, cipher);
});

test('TLS 1.1 is refused', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  await assert.rejects(shownTo(old), { code: /PROTOCOL_VERSION/ });
});

test('a client cannot renegotiate', async () => {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...tls12 });
  await once(socket, 'secureConnect');
  const failed = new Promise((resolve) => socket.on('error', resolve));
  socket.renegotiate({ rejectUnauthorized: false }, () => undefined);
  assert.match(String(await failed), /no renegotiation/i);
});

test('new certificates are used for new connections, and open connections stay open', async () => {
  let current: DpTls = [dpTls('P-256')];
  const renewing = createRspServer({ dpTls: () => current, requestSeconds: 30 });
  renewing.on('request', (asked, response) => asked.resume().on('end', () => response.end('served')));
  await using there = await listening(renewing);
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const serialOf = async (agent: Agent | false) => {
    const call = request({ port: there.port, host: '127.0.0.1', agent, rejectUnauthorized: false }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    const { serialNumber } = (response.socket as TLSSocket).getPeerX509Certificate() ?? assert.fail();
    await response.toArray();
    return serialNumber.toLowerCase();
  };
  const first = current[0].certificate.serialNumber;
  assert.deepEqual([await serialOf(agent), await serialOf(false)], [first, first]);
  current = both;
  const second = current[0].certificate.serialNumber;
  assert.deepEqual([await serialOf(agent), await serialOf(false)], [first, second]);
  assert.equal(
    await shownTo({ port: there.port, ...tls12, ecdhCurve: 'brainpoolP256r1' }),
    'TLSv1.2 brainpoolP256r1',
  );
  agent.destroy();
});

test('a client that has no group in common is refused', async () => {
  await assert.rejects(shownTo({ ...tls12, ecdhCurve: 'sect283k1' }), { code: /ALERT|ECONNRESET/ });
});

test('requests are served over either, also when the ClientHello comes octet by octet', async () => {
  for (const ecdhCurve of ['brainpoolP256r1', 'prime256v1']) {
    const trickle = await trickling();
    const options = { port: trickle.port, host: '127.0.0.1', rejectUnauthorized: false, ...tls12, ecdhCurve };
    const call = request({ ...options, agent: false, method: 'POST' }).end('{}');
    const [response] = await once(call, 'response');
    assert.equal(Buffer.concat(await response.toArray()).toString(), 'served');
    trickle.close();
  }
});

/** Passes connections on to the server, the first 40 octets of each one by one. */
async function trickling(): Promise<{ port: number; close(): void }> {
  const proxy = createTcpServer((near) => {
    const far = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    near.once('data', async (hello: Buffer) => {
      near.pause();
      for (let i = 0; i < 40; i++) {
        far.write(hello.subarray(i, i + 1));
        await new Promise(setImmediate);
      }
      far.write(hello.subarray(40));
      near.pipe(far).pipe(near);
    });
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return { port: (proxy.address() as AddressInfo).port, close: () => void proxy.close() };
}

test('what is no TLS is closed', async () => {
  const socket = connectTcp({ port, host: '127.0.0.1' });
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await once(socket.resume(), 'close');
});

test('who stays silent, or goes away in the middle of a ClientHello, is closed, and the server goes on', async () => {
  const listener = createTcpServer((socket) =>
    readClientHello(socket, 50, () => assert.fail('there is none')),
  );
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const { port: there } = listener.address() as AddressInfo;
  for (const part of ['', '16', '160301', '1603010200010001fc']) {
    const silent = connectTcp({ port: there, host: '127.0.0.1' });
    silent.write(Buffer.from(part, 'hex'));
    await once(silent.resume(), 'close');
  }
  listener.close();
  for (const leave of ['end', 'resetAndDestroy'] as const) {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.write(Buffer.from('1603010200010001fc', 'hex'));
    socket[leave]();
    await once(socket.resume(), 'close');
  }
  assert.equal(await shownTo(tls12), 'TLSv1.2 P-256');
});

test('a ClientHello that is cut off anywhere asks for nothing', async () => {
  let hello: Buffer = Buffer.alloc(0);
  const listener = createTcpServer((socket) =>
    socket.once('data', (data: Buffer) => {
      hello = data;
      socket.destroy();
    }),
  );
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const { port: there } = listener.address() as AddressInfo;
  const socket = connect({ port: there, host: '127.0.0.1', ...tls12, ecdhCurve: 'brainpoolP256r1' });
  await once(socket, 'error');
  listener.close();
  assert.ok(needsBrainpool(hello));
  const groups = hello.indexOf(Buffer.from('000a0004', 'hex'));
  for (let length = 0; length < groups + 8; length++) assert.ok(!needsBrainpool(hello.subarray(0, length)));
});
