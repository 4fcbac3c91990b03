import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { after, before, test } from 'node:test';
import { createLookUp, parseHosts } from './look-up.ts';
import { describeFailure } from './post.ts';
import { PrivateHostError, publicOnly } from './resolve.ts';

const A = 1;
const AAAA = 28;
const NXDOMAIN = 3;
/** The addresses of each name, as octets. A name that is not here does not exist; `silent…` gets no answer. */
const zone: Readonly<Record<string, Readonly<Record<number, readonly number[][]>>>> = {
  'both.example.com': { [A]: [[198, 41, 0, 4]], [AAAA]: [[0x20, 1, 5, 3, ...Array(11).fill(0), 9]] },
  'private.example.com': { [A]: [[10, 0, 0, 1]] },
  'mixed.example.com': {
    [A]: [
      [198, 41, 0, 4],
      [127, 0, 0, 1],
    ],
  },
  'nothing.example.com': {},
};

/** A DNS server. */
const server = createSocket('udp4', (query, { port }) => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const name = labels.join('.');
  const type = query.readUInt16BE(at + 1);
  const isSilent = name.startsWith('silent') || (name === 'half.example.com' && type === AAAA);
  if (isSilent) return;
  const entry = name === 'half.example.com' ? { [A]: [[198, 41, 0, 4]] } : zone[name];
  const records = entry?.[type] ?? [];
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 + (entry === undefined ? NXDOMAIN : 0), 2);
  header.writeUInt16BE(records.length, 6);
  header.fill(0, 8, 12);
  const answers = records.map((octets) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, octets.length, ...octets]),
  );
  server.send(Buffer.concat([header, query.subarray(12, at + 5), ...answers]), port, '127.0.0.1');
});
let lookUp: LookupFunction;
before(async () => {
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  lookUp = createLookUp([`127.0.0.1:${server.address().port}`]);
});
after(() => server.close());

function addressesOf(host: string, options: object = {}, by = lookUp): Promise<readonly LookupAddress[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly LookupAddress[]>();
  by(host, { all: true, ...options }, (error, found) =>
    error === null ? resolve(found as LookupAddress[]) : reject(error),
  );
  return promise;
}

test('a name has its addresses of both families, or of the one that is asked for', async () => {
  const [ipv4, ipv6] = [
    { address: '198.41.0.4', family: 4 },
    { address: '2001:503::9', family: 6 },
  ];
  assert.deepEqual(await addressesOf('both.example.com'), [ipv4, ipv6]);
  for (const family of [4, 'IPv4'])
    assert.deepEqual(await addressesOf('both.example.com', { family }), [ipv4]);
  assert.deepEqual(await addressesOf('both.example.com', { family: 6 }), [ipv6]);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  lookUp('both.example.com', { family: 6 }, (...answer) => resolve(answer));
  assert.deepEqual(await promise, [null, '2001:503::9', 6]);
});

test('a name that does not exist, or has no address, is an error that says so', async () => {
  for (const host of ['unknown.example.com', 'nothing.example.com'])
    await assert.rejects(addressesOf(host), (error) => {
      assert.equal(describeFailure(error), 'the host name does not exist');
      return true;
    });
});

test('names of the hosts file and localhost are not asked of a server', async () => {
  const silent = createLookUp(['127.0.0.1:9']);
  for (const host of ['localhost', 'LocalHost.', 'a.localhost'])
    assert.equal((await addressesOf(host, {}, silent))[0]?.address, '127.0.0.1', host);
  const hosts = parseHosts(
    '# a comment\n10.1.2.3 shop Shop.example.com # one more\n::7 shop\nnonsense shop\n',
  );
  assert.deepEqual(hosts.get('shop'), [
    { address: '10.1.2.3', family: 4 },
    { address: '::7', family: 6 },
  ]);
  assert.deepEqual(hosts.get('shop.example.com'), [{ address: '10.1.2.3', family: 4 }]);
});

test('a name is refused if one of its addresses is private', async () => {
  const open = publicOnly(lookUp);
  for (const host of ['private.example.com', 'mixed.example.com', 'localhost'])
    await assert.rejects(addressesOf(host, {}, open), PrivateHostError, host);
  assert.equal((await addressesOf('both.example.com', {}, open)).length, 2);
});

test('the answer of one family does not wait long for the other', async () => {
  const started = performance.now();
  assert.deepEqual(await addressesOf('half.example.com'), [{ address: '198.41.0.4', family: 4 }]);
  assert.ok(performance.now() - started < 1400);
});

test('names that get no answer keep neither other names nor files waiting, and end in time', async () => {
  const started = performance.now();
  const servers = [`127.0.0.1:${server.address().port}`];
  const impatient = createLookUp(servers, 1000);
  const silent = Array.from({ length: 100 }, (_, i) => addressesOf(`silent${i}.example.com`, {}, impatient));
  const ends = Promise.allSettled(silent);
  await Promise.all([
    addressesOf('both.example.com'),
    addressesOf('localhost'),
    readFile(new URL(import.meta.url)),
  ]);
  assert.ok(performance.now() - started < 1000);
  for (const { status, ...end } of await ends) {
    assert.equal(status, 'rejected');
    const { reason } = end as PromiseRejectedResult;
    assert.equal(describeFailure(reason), 'the host name could not be looked up');
  }
  assert.ok(performance.now() - started < 4000);
});
