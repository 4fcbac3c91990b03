import assert from 'node:assert/strict';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { formatNumberRange, parseNumberRange } from '@esim-rsp/smdp/state/number-range';
import type { ServerStore } from '../ports/server-store.ts';
import { saved, stocked } from './records.harness.ts';

const reservation = (account: string, range: string) => ({
  account,
  createdAt: 1,
  ...parseNumberRange(range),
});

async function withReservations(store: ServerStore): Promise<void> {
  for (const id of ['lab', 'shop']) await store.addAccount({ id, name: id, createdAt: 1 });
  for (const [account, range] of [
    ['lab', '8988303'],
    ['shop', '89883040000-89883044999'],
    ['lab', '8988304500000000000-8988304500000000009'],
  ] as const)
    assert.equal(await store.addNumberReservation(reservation(account, range)), 'added');
}

/** The contract of reserved numbers. */
export const numberReservationContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'reserved numbers are read back by number, and can be given up': async (store) => {
    await withReservations(store);
    const all = await store.numberReservations();
    assert.deepEqual(all.map(formatNumberRange), [
      '8988303',
      '89883040000-89883044999',
      '8988304500000000000-8988304500000000009',
    ]);
    assert.deepEqual(all[0], reservation('lab', '8988303'));
    assert.equal(await store.deleteNumberReservation(parseNumberRange('89883030')), 'unknown');
    assert.equal(await store.deleteNumberReservation(parseNumberRange('8988303')), 'deleted');
    assert.equal((await store.numberReservations()).length, 2);
  },

  'two reservations share no number, of one account or of two': async (store) => {
    await withReservations(store);
    for (const account of ['lab', 'shop'])
      for (const range of ['8988303', '898830399', '89883', '89883044999', '89883029999-89883030000'])
        assert.notEqual(await store.addNumberReservation(reservation(account, range)), 'added', range);
    assert.deepEqual(
      await store.addNumberReservation(reservation('lab', '89883044-89883045')),
      reservation('shop', '89883040000-89883044999'),
    );
    for (const range of ['8988302', '89883045001', '8988305'])
      assert.equal(await store.addNumberReservation(reservation('shop', range)), 'added', range);
  },

  'numbers are reserved for others where they are in a range of another account': async (store) => {
    await withReservations(store);
    const reserved = async (account: string, first: string, last = first) =>
      (await store.reservedForOthers(account, parseIccid(first), parseIccid(last))).map(formatNumberRange);
    assert.deepEqual(await reserved('shop', '8988303000000000000'), ['8988303']);
    assert.deepEqual(await reserved('shop', '89883039999999999999'), ['8988303']);
    assert.deepEqual(await reserved('lab', '8988303000000000000'), []);
    assert.deepEqual(await reserved('shop', '8988302999999999999'), []);
    assert.deepEqual(await reserved('lab', '8988304499999999999'), ['89883040000-89883044999']);
    assert.deepEqual(await reserved('lab', '8988304500000000000'), []);
    assert.deepEqual(await reserved('lab', '8988304500000000010'), []);
    assert.deepEqual(await reserved('shop', '8988302999999999999', '8988304500000000000'), [
      '8988303',
      '8988304500000000000-8988304500000000009',
    ]);
    assert.equal((await reserved('nobody', '8988300000000000000', '8988309999999999999')).length, 3);
  },

  'of many reservations those are found that share numbers with a range, wherever it begins and ends': async (
    store,
  ) => {
    await store.addAccount({ id: 'lab', name: 'lab', createdAt: 1 });
    const digits = (n: number) => `89883010000000000${String(n).padStart(2, '0')}`;
    for (const n of [3, 9, 15, 21])
      await store.addNumberReservation(reservation('lab', `${digits(n)}-${digits(n + 3)}`));
    for (let first = 0; first < 28; first++)
      for (const last of [first, first + 4, first + 9]) {
        const found = await store.reservedForOthers(
          'shop',
          parseIccid(digits(first)),
          parseIccid(digits(last)),
        );
        const expected = [3, 9, 15, 21].filter((n) => n <= last && n + 3 >= first);
        const text = (n: number) => `${digits(n)}-${digits(n + 3)}`;
        assert.deepEqual(found.map(formatNumberRange), expected.map(text), `${first} to ${last}`);
      }
  },

  'a save creates no profile with a number that is reserved for another account, and nothing else of it':
    async (store) => {
      await withReservations(store);
      const inRange = (account: string, digits: string) => stocked({ account, iccid: parseIccid(digits) });
      const [outside, taken] = [
        inRange('shop', '8988302000000000000'),
        inRange('shop', '8988303000000000000'),
      ];
      assert.equal(await store.save([{ profile: outside }, { profile: taken }]), 'stale');
      assert.equal(await store.profile(outside.iccid), undefined);
      assert.equal(await store.profile(taken.iccid), undefined);
      for (const digits of ['89883030000000000000', '8988303999999999999', '8988304500000000009'])
        assert.equal(await store.save([{ profile: inRange('nobody', digits) }]), 'stale', digits);
      assert.equal(await store.save([{ profile: inRange('lab', '8988303000000000000') }]), 'saved');
      assert.equal(await store.save([{ profile: inRange('shop', '8988304500000000010') }]), 'saved');
    },

  'a profile that was there before its number was reserved still changes': async (store) => {
    const profile = stocked({ account: 'shop', iccid: parseIccid('8988303000000000001') });
    assert.equal(await store.save([{ profile }]), 'saved');
    await withReservations(store);
    assert.equal(await store.save([{ profile: { ...saved(profile), imsi: '1' } }]), 'saved');
  },
};
