import assert from 'node:assert/strict';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { EventType, ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { ServerStore } from '../../ports/server-store.ts';
import { next, stocked } from '../records.harness.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;
const filter = { account: 'lab', since: START, until: START + 24 * HOUR, period: HOUR, most: 100_000 };

function ended(type: EventType, hours: number, members: Partial<ProfileEvent> = {}): ProfileEvent {
  const at = START + hours * HOUR;
  return {
    type,
    at,
    iccid: next.iccid(),
    account: 'lab',
    actor: { kind: 'system' },
    to: 'ERROR',
    ...members,
  };
}

async function save(store: ServerStore, events: readonly ProfileEvent[]): Promise<void> {
  assert.equal(await store.save(events.map((event) => ({ event }))), 'saved');
}

/** The contract of the numbers of an account. */
export const overviewContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'profiles of an account are counted by state, whatever their type': async (store) => {
    const states = ['AVAILABLE', 'AVAILABLE', 'UNAVAILABLE', 'AVAILABLE'] as const;
    const profiles = states.map((state, i) =>
      stocked({
        account: i < 3 ? 'lab' : 'other',
        iccid: parseIccid(`890010100000000000${i}`),
        imsi: `00101000000000${i}`,
        state,
        ...(i === 0 && { profileType: 'data' }),
      }),
    );
    await store.save(profiles.map((profile) => ({ profile })));
    const counts = await store.stateCounts('lab');
    const known = counts.filter(({ count }) => count > 0).map(({ state, count }) => `${state} ${count}`);
    assert.deepEqual(known.sort(), ['AVAILABLE 2', 'UNAVAILABLE 1']);
    assert.deepEqual(await store.stateCounts('nobody'), []);
  },
  'ends of downloads are counted by period, type and reason, within their times and their account': async (
    store,
  ) => {
    const reason = { subjectCode: '8.2.7', reasonCode: '3.8', message: 'wrong code' } as const;
    await save(store, [
      ended('profile.installed', -0.01),
      ended('profile.installed', 0),
      ended('profile.installed', 0.99, { to: 'INSTALLED' }),
      ended('profile.installed', 1),
      ended('profile.released', 1),
      ended('confirmation_code.wrong', 1.5, { reason }),
      ended('confirmation_code.wrong', 1.6, { reason }),
      ended('profile.error', 23.9),
      ended('profile.error', 24),
      ended('profile.error', 2, { account: 'other' }),
    ]);
    const { counts, from } = await store.countDownloadEnds(filter);
    assert.equal(from, START);
    const codes = { subjectCode: '8.2.7', reasonCode: '3.8' };
    const byPeriod = [...counts].sort((a, b) => a.period - b.period || a.type.localeCompare(b.type));
    assert.deepEqual(byPeriod, [
      { period: 0, type: 'profile.installed', count: 2 },
      { period: 1, type: 'confirmation_code.wrong', reason: codes, count: 2 },
      { period: 1, type: 'profile.installed', count: 1 },
      { period: 23, type: 'profile.error', count: 1 },
    ]);
  },
  'many ends of downloads are counted in steps, the newest first, and up to a number': async (store) => {
    const events = Array.from({ length: 11_000 }, (_, i) =>
      ended(i % 4 === 0 ? 'profile.error' : 'profile.installed', Math.floor(i / 10) / 100),
    );
    for (let i = 0; i < events.length; i += 1000) await save(store, events.slice(i, i + 1000));
    const all = await store.countDownloadEnds(filter);
    const sum = (counts: typeof all.counts) => counts.reduce((total, { count }) => total + count, 0);
    assert.equal(all.from, START);
    assert.equal(sum(all.counts), 11_000);
    const failed = all.counts.filter(({ type }) => type === 'profile.error');
    assert.equal(sum(failed), 2750);
    const newest = await store.countDownloadEnds({ ...filter, most: 5000 });
    assert.ok(newest.from > START);
    assert.equal(sum(newest.counts), 5000);
    assert.equal(sum(newest.counts), events.filter(({ at }) => at >= newest.from).length);
  },
  'deliveries that wait for a target are counted up to a number, with the time of the oldest': async (
    store,
  ) => {
    const target = { kind: 'webhook', target: 'we_1' } as const;
    const delivery = { ...target, account: 'lab', type: 'profile.released', iccid: next.iccid() };
    assert.deepEqual(await store.waitingDeliveries(target, 10), { count: 0 });
    for (const createdAt of [5000, 3000, 4000]) await store.addDelivery({ ...delivery, createdAt });
    await store.addDelivery({ ...delivery, target: 'we_2', createdAt: 1000 });
    assert.deepEqual(await store.waitingDeliveries(target, 10), { count: 3, oldestAt: 3000 });
    assert.equal((await store.waitingDeliveries(target, 2)).count, 2);
  },
};
