import assert from 'node:assert/strict';
import { type EventType, eventTypes } from '@esim-rsp/smdp/state/event';
import { type LogPage, type LogPosition, type LogRange, logSorts } from '../ports/log-page.ts';
import type { DeliveryState } from '../ports/outbox.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { next } from './records.harness.ts';

/** Rows that every log can store: `name` is found again, and the clock was set back once. */
type Row = { readonly name: string; readonly at: number; readonly type: EventType; readonly own: boolean };

const START = 1_700_000_000_000;
const rows: readonly Row[] = Array.from({ length: 24 }, (_, i) => ({
  name: `n${i}`,
  at: START + (i < 12 ? i : i - 3) - (i % 4 === 0 ? 0 : 1),
  type: eventTypes[i % 3] as EventType,
  own: i % 4 > 0,
}));

type Filter = Omit<LogRange, 'count'> & { readonly types?: readonly EventType[] };

const filters: readonly (Filter & { readonly matches?: (row: Row) => boolean })[] = [
  {},
  { types: eventTypes.slice(1, 3), matches: ({ type }) => type !== eventTypes[0] },
  { since: START + 5, matches: ({ at }) => at >= START + 5 },
  { until: START + 9, matches: ({ at }) => at < START + 9 },
  { since: START + 5, until: START + 9, matches: ({ at }) => at >= START + 5 && at < START + 9 },
  {
    since: START + 5,
    types: eventTypes.slice(0, 1),
    matches: ({ at, type }) => at >= START + 5 && type === eventTypes[0],
  },
  { since: START + 99, matches: () => false },
];

type Read = (range: Filter & Pick<LogRange, 'count' | 'after'>) => Promise<LogPage<string>>;

/** All pages, one after another: each is full, or the last one. */
async function listed(read: Read, range: Filter & { readonly count: number }): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: LogPosition | undefined; ; ) {
    const { items, next: place, isSearchLimited } = await read({ ...range, ...(after && { after }) });
    found.push(...items);
    assert.equal(isSearchLimited, false);
    if (place === undefined) return found;
    assert.equal(items.length, range.count);
    after = place;
  }
}

type Log = { readonly isNumbered?: boolean; readonly mostTypes?: number };

/** Lists in every way what is stored; `isNumbered`: in the order of the numbers also where the times are limited. */
async function listInEveryWay(
  read: Read,
  stored: readonly Row[],
  { isNumbered = false, mostTypes = 9 }: Log = {},
): Promise<void> {
  const possible = filters.filter(({ types = [] }) => types.length <= mostTypes);
  for (const { matches = () => true, ...filter } of possible)
    for (const sort of logSorts)
      for (const count of [1, 5, 24, 100]) {
        const byTime = !isNumbered && (filter.since !== undefined || filter.until !== undefined);
        const expected = stored.filter(matches).toSorted((one, other) => (byTime ? one.at - other.at : 0));
        if (sort === 'newest') expected.reverse();
        const range = { ...filter, sort, count };
        const names = expected.map(({ name }) => name);
        assert.deepEqual(await listed(read, range), names, JSON.stringify(range));
      }
}

function namesIn<T>({ items, ...page }: LogPage<T>, nameOf: (item: T) => string): LogPage<string> {
  return { ...page, items: items.map(nameOf) };
}

/** The contract of lists of events, audit entries and deliveries. */
export const logPageContract: Record<string, (store: ServerStore) => Promise<void>> = {
  'events are listed by time and type, in both directions, page by page': async (store) => {
    const [iccid, other] = [next.iccid(), next.iccid()];
    for (const { name, at, type, own } of rows) {
      const of = { at, type, actor: { kind: 'operator', name }, to: 'AVAILABLE' } as const;
      const event = { ...of, iccid: own ? iccid : other, account: 'a' };
      assert.equal(await store.save([{ event }, { event: { ...event, account: 'b' } }]), 'saved');
    }
    const readFor =
      (members: object): Read =>
      async (range) =>
        namesIn(await store.events({ account: 'a', ...members, ...range }), ({ actor }) =>
          actor.kind === 'operator' ? (actor.name ?? '') : '',
        );
    await listInEveryWay(readFor({}), rows);
    await listInEveryWay(
      readFor({ iccid }),
      rows.filter(({ own }) => own),
      { isNumbered: true },
    );
  },
  'audit entries are listed by time and by what they have, in both directions, page by page': async (
    store,
  ) => {
    for (const { name, at, type, own } of rows)
      for (const account of ['a', 'b'])
        await store.addAuditEntry({
          at,
          account,
          operation: type,
          targets: ['all', ...(own ? ['own'] : [])],
          requestId: name,
          ...(own ? { keyId: 'k' } : { operator: 'shop' }),
        });
    const readFor =
      (members: object): Read =>
      async ({ types, ...range }) => {
        const operation = types?.length === 1 && { operation: types[0] as string };
        const filter = { account: 'a', ...members, ...range, ...operation };
        return namesIn(await store.auditEntries(filter), ({ requestId = '' }) => requestId);
      };
    const own = rows.filter((row) => row.own);
    const ofOperator = rows.filter((row) => !row.own);
    const ways = [
      [{}, rows, false],
      [{ keyId: 'k' }, own, false],
      [{ operator: 'shop' }, ofOperator, false],
      [{ target: 'own' }, own, true],
      [{ target: 'all', keyId: 'k' }, own, true],
    ] as const;
    for (const [members, stored, isNumbered] of ways)
      await listInEveryWay(readFor(members), stored, { isNumbered, mostTypes: 1 });
  },
  'deliveries are listed by time, type and state, in both directions, page by page': async (store) => {
    const target = { kind: 'webhook', target: 'we_1' } as const;
    for (const { name, at: createdAt, type, own } of rows) {
      const delivery = { ...target, account: own ? 'a' : 'b', type, iccid: name, createdAt };
      const added = await store.addDelivery(delivery);
      await store.addDelivery({ ...delivery, target: 'we_2' });
      if (own) await store.settleDelivery(added, { state: 'delivered', nextAttemptAt: createdAt });
    }
    const readFor =
      (members: { readonly state?: DeliveryState; readonly account?: string }): Read =>
      async (range) =>
        namesIn(await store.deliveries({ ...target, ...members, ...range }), ({ iccid }) => iccid);
    const own = rows.filter((row) => row.own);
    await listInEveryWay(readFor({}), rows);
    await listInEveryWay(readFor({ state: 'delivered' }), own);
    await listInEveryWay(readFor({ account: 'a', state: 'delivered' }), own);
    await listInEveryWay(readFor({ account: 'a', state: 'pending' }), []);
  },
  'the last page says how far the log was read, so that what comes later is found from there': async (
    store,
  ) => {
    const save = async (type: EventType) => {
      const event = {
        type,
        iccid: next.iccid(),
        account: 'a',
        at: START,
        actor: { kind: 'system' } as const,
      };
      assert.equal(await store.save([{ event: { ...event, to: 'AVAILABLE' } }]), 'saved');
    };
    const [one, other] = ['profile.created', 'profile.ordered'] as const;
    for (const type of [one, one, other]) await save(type);
    const first = await store.events({ account: 'a', types: [one], count: 9 });
    assert.deepEqual(first.end, { id: await store.lastEventId() });
    await save(one);
    const later = await store.events({ account: 'a', types: [one], count: 9, ...after(first.end) });
    assert.deepEqual(
      later.items.map(({ id }) => id),
      [await store.lastEventId()],
    );
  },
};

const after = (end: LogPosition | undefined) => (end === undefined ? {} : { after: end });
