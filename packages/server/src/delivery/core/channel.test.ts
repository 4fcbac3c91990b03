import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { next, put, released, saved, stocked } from '../../store/contract/records.harness.ts';
import { type CoreSettings, coreTarget } from '../../store/ports/gateway/core-networks.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { openMemoryStore } from '../../store/sqlite/memory.harness.ts';
import { fanOut } from '../fan-out.ts';
import { createLookUp } from '../outbound/look-up.ts';
import { coreChannel } from './channel.ts';
import { coreFileOf } from './line-file.ts';
import { coreOf, coreServer } from './testing/core.harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-core-channel-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = folder;

const account = 'lab';
const K = new Uint8Array(16).fill(0x5a);

function parametersOf(iccid: Iccid, imsi: string, more: object = {}) {
  const input = { iccid, imsi, ki: K, opc: K, ...more };
  return completeParameters(input, (length) => new Uint8Array(length).fill(1));
}

/** A store with one core network that takes a CSV file, and what is done with it. */
async function withCore(
  settings: Partial<CoreSettings> = {},
  core = coreOf('csv', '', { settings: { columns: ['imsi', 'ki', 'iccid'], ...settings } }),
) {
  files = mkdtempSync(join(folder, 'files-'));
  const store = await openMemoryStore();
  await store.addAccount({ id: account, name: 'Lab', createdAt: 1 });
  await store.addCoreNetwork(core, 9);
  const options = { allowPrivate: false, lookUp: createLookUp([]), files, sendsMail: false };
  const channel = coreChannel(store, options);
  const delivered = async (type: 'add' | 'remove', { iccid }: Pick<Profile, 'iccid'>) => {
    const delivery = { kind: 'core', target: coreTarget(core), account, type, iccid, createdAt: 1 } as const;
    const attempt = { signal: new AbortController().signal, trace: {} };
    const outcome = await channel.send(
      { ...(await store.addDelivery(delivery)) } as Delivery,
      undefined,
      attempt,
    );
    return 'error' in outcome ? outcome.error : outcome.state;
  };
  const lines = () => {
    const path = coreFileOf(files, core);
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(1) : [];
  };
  const stock = async (imsi: string, profile: Profile = released({}, { account, imsi })) => {
    await put(store, { profile, content: { parameters: parametersOf(profile.iccid, imsi) } });
    return saved(profile);
  };
  return { store, core, channel, delivered, lines, stock };
}

test('a URL without TLS gets no keys when the server no longer allows that, whatever the kind', async () => {
  await using server = await coreServer(() => ({ status: 204 }));
  const { port } = new URL(server.url);
  for (const [kind, scheme] of [
    ['push', 'http'],
    ['pyhss', 'http'],
    ['osmohlr', 'ctrl'],
    ['open5gs', 'mongodb'],
  ] as const) {
    const { store, delivered, stock } = await withCore(
      {},
      coreOf(kind, `${scheme}://core.example.com:${port}`),
    );
    const profile = await stock(ONE);
    assert.match(await delivered('add', profile), /has no TLS.*ESIM_CORE_ALLOW_PRIVATE/, kind);
    assert.deepEqual(await store.coreSubscribers(account, 'core', profile.iccid), [], kind);
  }
  assert.deepEqual(server.received, []);
});

const retired = (profile: Profile): Profile => ({
  ...stocked({ iccid: profile.iccid, account, imsi: profile.imsi, version: profile.version }),
  state: 'UNAVAILABLE',
});
const [ONE, TWO] = ['001010000000001', '001010000000002'];

test('the subscription of a profile that is in use is sent, from parameters and from a package', async () => {
  const { store, delivered, lines, stock } = await withCore();
  const profile = await stock(ONE);
  assert.equal(await delivered('add', profile), 'delivered');
  const packed = released({}, { account, imsi: TWO });
  const upp = buildProfilePackage(parametersOf(packed.iccid, TWO));
  await put(store, { profile: packed, content: { package: upp } });
  assert.equal(await delivered('add', packed), 'delivered');
  const k = '5a'.repeat(16);
  assert.deepEqual(lines(), [`${ONE},${k},${profile.iccid}`, `${TWO},${k},${packed.iccid}`]);
  assert.ok(
    !JSON.stringify((await store.deliveries({ kind: 'core', target: 'lab/core', count: 9 })).items).includes(
      k,
    ),
  );
});

test('what a delivery does follows the profile as it is then: late ones bring nothing back, and take nothing away', async () => {
  const { store, delivered, lines, stock } = await withCore();
  const profile = await stock(ONE);
  await delivered('add', profile);
  assert.match(await delivered('remove', profile), /in use again/);
  assert.equal(lines().length, 1);
  await put(store, { profile: retired(profile) });
  assert.match(await delivered('add', profile), /not in use/);
  assert.equal(await delivered('remove', profile), 'delivered');
  assert.deepEqual(lines(), []);
  assert.match(await delivered('remove', profile), /never sent/);
  assert.match(await delivered('add', { iccid: next.iccid() }), /not in use/);
});

test('a profile that was deleted with its package leaves the core network too', async () => {
  const { store, delivered, lines, stock } = await withCore();
  const profile = await stock(ONE);
  await delivered('add', profile);
  const { iccid, version } = profile;
  await put(store, { purge: { iccid, account, version, es2Calls: [], at: 1, history: 'keep' } });
  assert.equal(await store.content(iccid), undefined);
  assert.equal(await delivered('remove', profile), 'delivered');
  assert.deepEqual([lines(), await store.coreSubscribers(account, 'core', iccid)], [[], []]);
});

test('a retired profile does not take away the subscription of the one that has its IMSI now', async () => {
  const { store, delivered, lines, stock } = await withCore();
  const old = await stock(ONE);
  await delivered('add', old);
  await put(store, { profile: retired(old) });
  const replacement = await stock(ONE);
  assert.equal(await delivered('add', replacement), 'delivered');
  assert.match(await delivered('remove', old), /belongs to another profile/);
  assert.deepEqual(
    lines().map((line) => line.split(',')[2]),
    [replacement.iccid],
  );
});

test('with remove: false nothing is removed, and the server forgets what a deleted profile had', async () => {
  const { store, delivered, lines, stock } = await withCore({ remove: false });
  const profile = await stock(ONE);
  await delivered('add', profile);
  await put(store, { profile: retired(profile) });
  assert.match(await delivered('remove', profile), /stays there/);
  assert.equal(lines().length, 1);
  assert.deepEqual(await store.coreSubscribers(account, 'core', profile.iccid), []);
});

test('profiles without keys here, and of other accounts, are skipped', async () => {
  const { store, delivered, lines } = await withCore();
  const atUpstream = released({}, { account, imsi: ONE, upstream: 'vendor' });
  await put(store, { profile: atUpstream });
  assert.match(await delivered('add', atUpstream), /the upstream vendor has its keys/);
  const foreign = released({}, { account: 'other', imsi: ONE });
  await put(store, { profile: foreign, content: { parameters: parametersOf(foreign.iccid, ONE) } });
  assert.match(await delivered('add', foreign), /not in use/);
  const broken = released({}, { account, imsi: TWO });
  await put(store, { profile: broken, content: { package: new Uint8Array() } });
  assert.match(await delivered('add', broken), /no keys that can be read/);
  assert.deepEqual(lines(), []);
});

test('only events that change something, of the types that were chosen, make deliveries', async () => {
  const { store, channel, stock } = await withCore({ profileTypes: ['lab'] });
  const typed = await stock(ONE, released({}, { account, imsi: ONE, profileType: 'lab' }));
  const other = await stock(TWO);
  const event = (iccid: Iccid, type: ProfileEvent['type'], from: Profile['state'], to: Profile['state']) => ({
    event: { type, iccid, account, at: Date.now(), actor: { kind: 'system' as const }, from, to },
  });
  await store.save([
    event(typed.iccid, 'profile.released', 'CONFIRMED', 'RELEASED'),
    event(other.iccid, 'profile.released', 'CONFIRMED', 'RELEASED'),
    event(typed.iccid, 'profile.downloaded', 'RELEASED', 'DOWNLOADED'),
    event(other.iccid, 'profile.purged', 'RELEASED', 'RELEASED'),
    event(typed.iccid, 'profile.retired', 'DELETED', 'UNAVAILABLE'),
  ]);
  await fanOut(store, [channel]);
  const { items } = await store.deliveries({ kind: 'core', target: 'lab/core', sort: 'oldest', count: 9 });
  assert.deepEqual(
    items.map(({ type, iccid }) => [type, iccid]),
    [
      ['add', typed.iccid],
      ['remove', other.iccid],
      ['remove', typed.iccid],
    ],
  );
});
