import assert from 'node:assert/strict';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { eidOf, type Profile, type ProfileState } from '@esim-rsp/smdp/state/profile';
import type { InventoryFilter, InventoryOrder, ListPosition } from '../ports/inventory.ts';
import { type ProfileView, viewProfile } from '../ports/profile-view.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { released, stocked } from './records.harness.ts';

const EID = parseEid('89049032123451234512345678901235');

/** Thirty profiles in all states of stock, of which every third is for one eUICC. */
function stock(): readonly Profile[] {
  return Array.from({ length: 30 }, (_, i) => {
    const members = {
      account: 'operator',
      iccid: parseIccid(`89${i % 2}0101${String(i).padStart(12, '0')}${i % 5 === 0 ? '7' : ''}`),
      imsi: `00101${String((i * 7) % 10).padStart(10, '0')}`,
      changedAt: 1000 + ((i * 3) % 10),
      ...(i % 2 === 0 && { msisdn: `${i % 4 === 0 ? '+' : ''}49151${i % 6}` }),
      ...(i % 4 > 0 && { profileType: i % 4 === 1 ? 'basic' : 'data' }),
    };
    if (i % 3 === 0) return released({ eid: EID }, members);
    return stocked({ ...members, state: i % 3 === 1 ? 'AVAILABLE' : 'UNAVAILABLE' });
  });
}

type Filter = Omit<InventoryFilter, 'account' | 'order' | 'descending' | 'count'>;

const filters: readonly (Filter & { readonly matches: (profile: Profile) => boolean })[] = [
  { matches: () => true },
  { states: ['RELEASED'], matches: ({ state }) => state === 'RELEASED' },
  { states: ['RELEASED', 'AVAILABLE'], matches: ({ state }) => state !== 'UNAVAILABLE' },
  {
    states: ['AVAILABLE'],
    profileType: 'data',
    matches: (one) => one.state === 'AVAILABLE' && one.profileType === 'data',
  },
  { states: ['ERROR'], matches: () => false },
  { profileType: 'basic', matches: ({ profileType }) => profileType === 'basic' },
  { eid: EID, matches: (profile) => eidOf(profile) === EID },
  { eid: EID, changedSince: 1005, matches: (one) => eidOf(one) === EID && one.changedAt >= 1005 },
  { imsi: '001010000000003', matches: ({ imsi }) => imsi === '001010000000003' },
  { imsiPrefix: '00101000000000', matches: ({ imsi }) => imsi.startsWith('00101000000000') },
  { iccidPrefix: '891', matches: ({ iccid }) => iccid.startsWith('891') },
  {
    iccidPrefix: '891',
    profileType: 'basic',
    matches: (one) => one.iccid.startsWith('891') && one.profileType === 'basic',
  },
  { changedSince: 1007, matches: ({ changedAt }) => changedAt >= 1007 },
  { changedUntil: 1004, matches: ({ changedAt }) => changedAt < 1004 },
  {
    changedSince: 1002,
    changedUntil: 1006,
    states: ['AVAILABLE'],
    matches: (one) => one.state === 'AVAILABLE' && one.changedAt >= 1002 && one.changedAt < 1006,
  },
  { msisdnDigits: '491512', matches: ({ msisdn }) => /^\+?491512$/.test(msisdn ?? '') },
  {
    msisdnDigits: '491510',
    profileType: 'data',
    matches: (one) => /^\+?491510$/.test(one.msisdn ?? '') && one.profileType === 'data',
  },
  {
    imsi: '001010000000003',
    states: ['AVAILABLE'],
    matches: (one) => one.imsi === '001010000000003' && one.state === 'AVAILABLE',
  },
];

const sortedBy: Readonly<Record<InventoryOrder, (profile: Profile) => string>> = {
  iccid: ({ iccid }) => iccid,
  imsi: ({ imsi, iccid }) => imsi + iccid,
  changedAt: ({ changedAt, iccid }) => changedAt + iccid,
};

/** All pages, one after another. */
async function listed(store: ServerStore, filter: InventoryFilter): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: ListPosition | undefined; ; ) {
    const { profiles, next } = await store.searchProfiles({ ...filter, ...(after && { after }) });
    assert.ok(profiles.length <= filter.count);
    found.push(...profiles.map(({ iccid }) => iccid));
    if (next === undefined) return found;
    after = next;
  }
}

/** The contract of lists of profiles. */
export const inventoryContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'every filter, order and direction lists what matches, page by page': async (store) => {
    const profiles = stock();
    const foreign = { ...stocked(), account: 'other', iccid: parseIccid('8910101000000000099') };
    for (const profile of [...profiles, foreign]) assert.equal(await store.save([{ profile }]), 'saved');
    for (const { matches, ...conditions } of filters)
      for (const order of ['iccid', 'imsi', 'changedAt'] as const)
        for (const descending of [false, true])
          for (const count of [1, 4, 100]) {
            const key = sortedBy[order];
            const expected = profiles.filter(matches).sort((a, b) => (key(a) < key(b) ? -1 : 1));
            if (descending) expected.reverse();
            const filter = { account: 'operator', ...conditions, order, descending, count };
            assert.deepEqual(
              await listed(store, filter),
              expected.map(({ iccid }) => iccid),
              JSON.stringify(filter),
            );
          }
  },
  'without codes a list has everything but the MatchingIDs of orders': async (store) => {
    const profiles: Profile[] = [
      released({}, { iccid: parseIccid('8900101000000000019') }),
      released({ matchingId: parseMatchingId(''), eid: EID }, { iccid: parseIccid('8900101000000000027') }),
      stocked({ iccid: parseIccid('8900101000000000035') }),
    ];
    for (const profile of profiles) assert.equal(await store.save([{ profile }]), 'saved');
    const [first, ...others] = profiles.map(viewProfile) as [ProfileView, ...ProfileView[]];
    const { account } = profiles[0] as Profile;
    const without = [{ ...first, order: { ...first.order, matchingId: undefined } }, ...others];
    for (const [withoutCodes, expected] of [
      [true, without],
      [false, [first, ...others]],
    ] as const) {
      const filter = { account, withoutCodes, count: 9 };
      const search = { ...filter, order: 'iccid', descending: false } as const;
      assert.deepEqual((await store.searchProfiles(search)).profiles, expected);
      assert.deepEqual((await store.listProfiles({ ...filter, offset: 0 })).profiles, expected);
    }
  },
  'types are counted by state, and only those of the account': async (store) => {
    for (const profile of stock()) assert.equal(await store.save([{ profile }]), 'saved');
    assert.equal(
      await store.save([{ profile: stocked({ account: 'other', profileType: 'basic' }) }]),
      'saved',
    );
    const { counts, next } = await store.profileTypes({ account: 'operator', most: 99 });
    assert.equal(next, undefined);
    const listed = counts.map(({ profileType, state, count }) => `${profileType} ${state} ${count}`);
    const expected = new Map<string, number>();
    for (const { profileType, state } of stock())
      if (profileType !== undefined)
        expected.set(`${profileType} ${state}`, (expected.get(`${profileType} ${state}`) ?? 0) + 1);
    assert.deepEqual(listed, [...expected].map(([what, count]) => `${what} ${count}`).toSorted());
    assert.deepEqual(await store.profileTypes({ account: 'nobody', most: 99 }), { counts: [] });
  },
  'types are listed page by page, each whole, and none twice': async (store) => {
    const types = [...Array(50).keys(), '\u{ff5e}', '\u{1f4f1}'].map((n) => `type ${n}`);
    for (const profileType of types)
      for (const state of ['AVAILABLE', 'UNAVAILABLE'] as const)
        assert.equal(await store.save([{ profile: stocked({ profileType, state }) }]), 'saved');
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.profileTypes({ account: 'operator', most: 21, ...(after && { after }) });
      found.push(...page.counts.map(({ profileType, state }) => `${profileType} ${state}`));
      if (page.next === undefined) break;
      after = page.next;
    }
    const all = types.flatMap((type) => [`${type} AVAILABLE`, `${type} UNAVAILABLE`]);
    const octets = (text: string) => Buffer.from(text);
    assert.deepEqual(
      found,
      all.toSorted((one, other) => Buffer.compare(octets(one), octets(other))),
    );
  },
  'counts follow every change of a state, and saves that are refused do not count': async (store) => {
    const profile = stocked({ profileType: 'basic' });
    const { order } = released();
    const next = { ...profile, state: 'RELEASED', order, version: 1 } as Profile;
    const totals = async () => {
      const totalOf = async (state?: ProfileState) =>
        (await store.listProfiles({ account: profile.account, count: 1, offset: 0, ...(state && { state }) }))
          .total;
      const { counts: types } = await store.profileTypes({ account: profile.account, most: 99 });
      return [
        await totalOf(),
        await totalOf('AVAILABLE'),
        await totalOf('RELEASED'),
        types.map(({ state }) => state),
      ];
    };
    assert.deepEqual(await totals(), [0, 0, 0, []]);
    assert.equal(await store.save([{ profile }]), 'saved');
    assert.deepEqual(await totals(), [1, 1, 0, ['AVAILABLE']]);
    assert.equal(await store.save([{ profile }]), 'stale');
    assert.deepEqual(await totals(), [1, 1, 0, ['AVAILABLE']]);
    assert.equal(await store.save([{ profile: next }]), 'saved');
    assert.deepEqual(await totals(), [1, 0, 1, ['RELEASED']]);
    assert.equal(await store.save([{ profile: { ...next, version: 2 } }]), 'saved');
    assert.deepEqual(await totals(), [1, 0, 1, ['RELEASED']]);
  },
  'a profile is found by its new state, and as it was saved': async (store) => {
    const before = stocked();
    assert.equal(await store.save([{ profile: before }]), 'saved');
    const { order } = released({ eid: EID });
    const steps: readonly ProfileState[] = ['RELEASED', 'RELEASED', 'UNAVAILABLE'];
    for (const [version, state] of steps.entries()) {
      const changed = { ...before, version: version + 1, changedAt: before.changedAt + version, state };
      const profile = (state === 'RELEASED' ? { ...changed, order } : changed) as Profile;
      assert.equal(await store.save([{ profile }]), 'saved');
      const conditions = { account: before.account, order: 'changedAt', descending: true, count: 9 } as const;
      const found = await store.searchProfiles({
        ...conditions,
        states: [state],
        changedSince: profile.changedAt,
      });
      assert.deepEqual(found.profiles, [viewProfile(profile)]);
      const byEid = await store.searchProfiles({ ...conditions, order: 'iccid', eid: EID });
      assert.equal(byEid.profiles.length, state === 'RELEASED' ? 1 : 0);
    }
  },
};
