import assert from 'node:assert/strict';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import type { ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { ServerStore } from '../ports/server-store.ts';
import { next, stocked } from './records.harness.ts';

function plain(members: Partial<ProfileEvent> = {}): ProfileEvent {
  return {
    type: 'profile.created',
    iccid: next.iccid(),
    account: 'operator',
    at: 1_700_000_000_123,
    actor: { kind: 'operator' },
    to: 'AVAILABLE',
    ...members,
  };
}

const save = async (store: ServerStore, ...events: ProfileEvent[]) =>
  assert.equal(await store.save(events.map((event) => ({ event }))), 'saved');

const withoutIds = (events: readonly (ProfileEvent & { readonly id: number })[]) =>
  events.map(({ id: _, ...event }) => event);

/** The contract of events. */
export const eventContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'a reader that waits for events looks again by itself, finds those of its process, and stops at once':
    async (store) => {
      const stop = new AbortController();
      for (const isShared of [false, true]) {
        const watch = store.watchEvents({ isShared });
        await watch.next(stop.signal);
        await save(store, plain());
        const last = await store.lastEventId();
        await save(store, plain());
        while ((await store.lastEventId()) === last) await watch.next(stop.signal);
      }
      stop.abort();
      await store.watchEvents().next(stop.signal);
    },
  'events are read back as they were saved, in their order, with growing numbers': async (store) => {
    assert.equal(await store.lastEventId(), 0);
    const full = plain({
      type: 'profile.error',
      actor: { kind: 'device', eid: parseEid('89049032123451234512345678901235') },
      from: 'DOWNLOADED',
      to: 'ERROR',
      transactionId: next.transactionId(),
      reason: { subjectCode: '8.2.10', reasonCode: '4.2', message: 'a "message" of \u{1F4F1}' },
      point: 4,
      replaces: next.iccid(),
      replacedBy: next.iccid(),
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      resultData: Uint8Array.of(0xbf, 0x37, 0),
    });
    const actors = [
      { kind: 'system' },
      { kind: 'user' },
      { kind: 'user', keyId: '0123456789abcdef' },
      { kind: 'operator', name: 'shop' },
    ] as const;
    const events = [plain(), full, ...actors.map((actor) => plain({ actor }))];
    await save(store, ...events);
    const read = (await store.events({ count: 10 })).items;
    assert.deepEqual(withoutIds(read), events);
    const ids = read.map(({ id }) => id);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
    assert.equal(await store.lastEventId(), ids.at(-1));
  },
  'events are found by account, by profile, and from a number on': async (store) => {
    const [mine, other] = [plain(), plain({ account: 'other' })];
    const later = plain({ iccid: mine.iccid, type: 'profile.ordered', from: 'AVAILABLE', to: 'ALLOCATED' });
    await save(store, mine, other, later);
    const found = async (filter: Partial<Parameters<ServerStore['events']>[0]>) =>
      withoutIds((await store.events({ count: 10, ...filter })).items);
    assert.deepEqual(await found({ account: 'operator' }), [mine, later]);
    assert.deepEqual(await found({ account: 'operator', iccid: mine.iccid }), [mine, later]);
    assert.deepEqual(await found({ account: 'other', iccid: mine.iccid }), []);
    assert.deepEqual(await found({ count: 1 }), [mine]);
    const [first] = (await store.events({ count: 1 })).items;
    assert.deepEqual(await found({ after: { id: first?.id ?? 0 } }), [other, later]);
  },
  'an event of a save that is stale is not written': async (store) => {
    const profile = stocked();
    assert.equal(await store.save([{ profile }]), 'saved');
    assert.equal(await store.save([{ event: plain() }, { profile }]), 'stale');
    assert.deepEqual((await store.events({ count: 10 })).items, []);
  },
};
