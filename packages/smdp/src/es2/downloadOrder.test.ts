import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Reader } from '../ports.ts';
import type { Profile, Reserved } from '../state/profile.ts';
import { confirm } from '../state/transitions.ts';
import { type DownloadOrderRequest, downloadOrder } from './downloadOrder.ts';
import {
  account,
  allocated,
  available,
  decided,
  eid,
  env,
  iccid,
  otherEid,
  refused,
  released,
} from './orders.harness.ts';

const nothing = { repeated: undefined, named: undefined, stock: [], typeKnown: false };
type Found = Awaited<ReturnType<typeof downloadOrder.load>>;

const order = (input: Partial<DownloadOrderRequest>, found: Partial<Found>) =>
  downloadOrder.decide({ account, ...input }, { ...nothing, ...found }, env);
const named = (profile: Profile | undefined, input: Partial<DownloadOrderRequest> = {}) =>
  order({ iccid, ...input }, { named: profile });

test('a profile that is ordered by its ICCID is ALLOCATED, and LINKED when an EID is named', async () => {
  const one = await decided(named(available));
  assert.deepEqual([one.profile.state, one.saved], ['ALLOCATED', true]);
  const { profile } = await decided(named(available, { eid, profileType: 'Test' }));
  assert.ok(profile.state === 'LINKED');
  assert.equal(profile.eid, eid);
});

test('a profile that is ordered by its type is the oldest in stock', async () => {
  const { profile } = await decided(
    order({ profileType: 'Test', eid }, { stock: [available], typeKnown: true }),
  );
  assert.deepEqual([profile.iccid, profile.state], [iccid, 'LINKED']);
});

test('when several orders meet, each takes one of the oldest', async () => {
  const stock = Array.from({ length: 8 }, (_, i) => ({
    ...available,
    iccid: parseIccid(`890010100000000000${i}`),
  }));
  const draw = (low: number) =>
    downloadOrder.decide(
      { account, profileType: 'Test' },
      { ...nothing, stock, typeKnown: true },
      { ...env, random: () => Uint8Array.of(1, low) },
    );
  assert.equal((await decided(draw(0))).profile.iccid, stock[0]?.iccid);
  assert.equal((await decided(draw(11))).profile.iccid, stock[3]?.iccid);
});

test('a profile that an upstream has cannot be ordered here', () => {
  assert.equal(
    refused(() => named({ ...available, upstream: 'vendor' })),
    '8.2.1/3.5',
  );
});

test('it is refused in the order of the specification', () => {
  assert.equal(
    refused(() => order({}, {})),
    '1.6/2.3',
  );
  assert.equal(
    refused(() => named(undefined)),
    '8.2.1/3.9',
  );
  assert.equal(
    refused(() => named({ ...available, account: 'other' })),
    '8.2.1/3.9',
  );
  assert.equal(
    refused(() => named(allocated, { profileType: 'Other' })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => named({ ...available, state: 'UNAVAILABLE' })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => named(available, { profileType: 'Other' })),
    '8.2.5/3.8',
  );
  assert.equal(
    refused(() => order({ profileType: 'Other' }, {})),
    '8.2.5/3.9',
  );
  assert.equal(
    refused(() => order({ profileType: 'Test' }, { typeKnown: true })),
    '8.2.5/3.7',
  );
});

test('the same call again is answered as the first time, also when the state has moved on', async () => {
  const input = { eid, functionCallIdentifier: 'call 1' };
  const first = (await decided(named(available, input), 'operator')).profile;
  const later = confirm(first as Reserved, released.order, 8);
  for (const profile of [first, later])
    assert.deepEqual(await decided(named(profile, input)), { profile, saved: false });
  assert.equal(
    refused(() => named(first, { ...input, functionCallIdentifier: 'call 2' })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => named(first, { ...input, eid: otherEid })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => named(first, { functionCallIdentifier: 'call 1' })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => named({ ...first, account: 'other' }, input)),
    '8.2.1/3.9',
  );
});

test('the same call for a type again finds the profile of the first one', async () => {
  const input = { account, profileType: 'Test', functionCallIdentifier: 'call 1' };
  const first = (await decided(order(input, { stock: [available], typeKnown: true }), 'operator')).profile;
  const reader = {
    profileOrderedBy: async (_: string, call: string) =>
      first.calls?.downloadOrder === call ? first : undefined,
    availableOfType: async () => [],
    knowsType: async () => true,
    template: async () => undefined,
  } as Partial<Reader> as Reader;
  const again = await downloadOrder.load(input, reader, 0);
  assert.deepEqual(await decided(order(input, again)), { profile: first, saved: false });
  const another = { ...input, functionCallIdentifier: 'call 2' };
  const found = await downloadOrder.load(another, reader, 0);
  assert.equal(
    refused(() => order(another, found)),
    '8.2.5/3.7',
  );
});
