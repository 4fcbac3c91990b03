import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import fc from 'fast-check';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { type RawEs9, rawEs9, turned, verdict } from '../../harness/raw-es9.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
let es9: RawEs9;
let port: number;
before(async () => {
  server = await startServer({ ESIM_REQUEST_SECONDS: '2' });
  es9 = rawEs9(server);
  port = Number(new URL(server.es9Url).port);
});
after(async () => {
  es9[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const { path } = es9plus.initiateAuthentication;

/** A new caller is answered, and a whole download goes through. */
async function stillServes(): Promise<void> {
  assert.equal(verdict('initiateAuthentication', await es9.call(path, '{}')), '1.6/2.2');
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
}

/** All that came until the connection closed, or until it is what must come. Without that: until it was silent for a moment. */
async function heard(socket: Socket, expected?: RegExp): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (expected?.test(Buffer.concat(chunks).toString('latin1'))) socket.destroy();
  });
  socket.on('error', () => undefined);
  if (expected === undefined) socket.setTimeout(400, () => socket.destroy());
  await new Promise((resolve) => socket.on('close', resolve));
  return Buffer.concat(chunks);
}

async function overTls(octets: string | Buffer, expected?: RegExp): Promise<string> {
  const socket = connectTls({ host: 'localhost', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.write(octets);
  return (await heard(socket, expected)).toString('latin1');
}

async function bare(octets: Uint8Array, finish = false): Promise<string> {
  const socket = connect(port, 'localhost');
  await once(socket, 'connect');
  socket.write(octets);
  if (finish) socket.end();
  return (await heard(socket)).toString('latin1');
}

test('octets that are no TLS get no HTTP answer, and the server goes on', async () => {
  const record = fc
    .tuple(fc.constantFrom(20, 21, 22, 23, 255), fc.nat(4), fc.uint8Array({ maxLength: 300 }))
    .map(([type, version, octets]) => Buffer.from([type, 3, version, 0, octets.length & 255, ...octets]));
  const garbage = fc.oneof(record, fc.uint8Array({ minLength: 1, maxLength: 2000 }));
  const samples = fc.sample(garbage, { numRuns: 60, seed: 7 });
  const plain = Buffer.from(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}`);
  const answers = await Promise.all([plain, ...samples].map((octets) => bare(octets, true)));
  for (const answer of answers) assert.ok(!answer.includes('HTTP/'));
  await stillServes();
});

/** What a TLS client says first. */
async function clientHello(): Promise<Buffer> {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const caller = connectTls({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  caller.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [hello] = await once(socket, 'data');
  caller.destroy();
  socket.destroy();
  return hello;
}

test('a handshake that breaks off anywhere, or goes wrong, leaves the server as it was', async () => {
  const hello = await clientHello();
  const cuts = Array.from({ length: 30 }, (_, i) =>
    hello.subarray(0, Math.ceil(((i + 1) * hello.length) / 30)),
  );
  const wrong = [...turned(hello)].filter((_, at) => at % 8 === 0);
  const answers = await Promise.all([...cuts, ...wrong].map((octets) => bare(octets, true)));
  for (const answer of answers) assert.ok(!answer.includes('HTTP/'));
  await stillServes();
});

const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
const refused: Readonly<Record<string, string>> = {
  'two lengths': `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
  'a length and chunks': `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a length that is no number': `${head}Content-Length: 0x2\r\n\r\n{}`,
  'chunks without lengths': `${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n`,
  'a folded header': `${head}X-Admin-Protocol: a\r\n b\r\n\r\n`,
  'a header with a NUL': `${head}X: \0\r\n\r\n`,
  'a header of 20 kB': `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`,
  'an unknown method': `BREW ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  'HTTP/2 without asking': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
};
const refusal = /^HTTP\/1\.1 4\d\d /;
for (const [what, octets] of Object.entries(refused))
  test(`${what} is refused with 4xx, and the server goes on`, async () => {
    assert.match(await overTls(octets, refusal), refusal);
    assert.equal(verdict('initiateAuthentication', await es9.call(path, '{}')), '1.6/2.2');
  });

test('headers without an end are refused or cut off', async () => {
  const answer = await overTls(`${head}${'X: y\r\n'.repeat(100_000)}`);
  assert.match(answer, /^$|^HTTP\/1\.1 4\d\d /);
  await stillServes();
});

test('half a request is never answered as if it were whole', async () => {
  const whole = `${head}Content-Length: 40\r\n\r\n{"euiccChallenge":""}`;
  const cuts = Array.from({ length: 10 }, (_, i) => whole.slice(0, Math.ceil(((i + 1) * whole.length) / 10)));
  for (const answer of await Promise.all(cuts.map((cut) => overTls(cut)))) assert.equal(answer, '');
  await stillServes();
});

test('requests in one packet are answered one after the other, and rubbish after them ends the connection', async () => {
  const one = `${head}Content-Length: 2\r\n\r\n{}`;
  const answer = await overTls(`${one}${one}${one}`, /(HTTP\/1\.1 200 .*){3}/s);
  assert.equal(answer.match(/HTTP\/1\.1 200 /g)?.length, 3);
  assert.doesNotMatch(await overTls(`${one}rubbish\r\n\r\n${one}`), /200 .*200 /s);
  await stillServes();
});

test('a caller who sends an octet now and then is cut off when the time of a request is over', async () => {
  const socket = connectTls({ host: 'localhost', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  socket.write(`${head}Content-Length: 1000\r\n\r\n`);
  const drip = setInterval(() => socket.write('x'), 100);
  const started = Date.now();
  await once(socket.resume(), 'close');
  clearInterval(drip);
  assert.ok(Date.now() - started < 10_000);
  await stillServes();
});

test('two hundred callers who say nothing keep nobody out', async () => {
  const silent = Array.from({ length: 200 }, () => connect(port, 'localhost').on('error', () => undefined));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  await stillServes();
  for (const socket of silent) socket.destroy();
});
