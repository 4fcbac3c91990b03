import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { chainSlices } from '../../jobs/chain-logs.ts';
import { cutLogs } from '../../jobs/cut-logs.ts';
import { makeSecret } from '../../store/ports/webhook-secret.ts';
import { LIST, ordered, problemIn, restTest, stocked } from './rest.harness.ts';

/** Events, history, audit log and deliveries are listed in the same way. */

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const V1 = '/api/v1/esim';
const START = Date.UTC(2026, 2, 1);
const HOOK = 'we_5b1f0c3a9d2e47f86a1b0c2d';
const { iccid } = await ordered(api);
await stocked(api);
await fillLogs();

/** Twelve rows in each log, a minute apart, and the type of every third one is another. */
async function fillLogs(): Promise<void> {
  const { store } = api;
  const endpoint = { url: 'https://example.com', description: '', events: ['*' as const], createdAt: START };
  const secret = makeSecret(new Uint8Array(32));
  await store.addWebhook({ id: HOOK, account: 'anna', ...endpoint, secret, hearsFrom: START }, 99);
  for (let i = 0; i < 12; i++) {
    const at = START + i * 60_000;
    const type = i % 3 === 0 ? 'profile.error' : 'profile.updated';
    const event = { type, at, iccid, account: 'anna', to: 'RELEASED', actor: { kind: 'system' } } as const;
    assert.equal(await store.save([{ event }]), 'saved');
    await store.addAuditEntry({ at, account: 'anna', operation: type, targets: ['old'] });
    await store.addDelivery({ kind: 'webhook', target: HOOK, account: 'anna', type, iccid, createdAt: at });
  }
}

type Item = { id: number; type?: string; operation?: string; occurred_at?: string; created_at?: string };
type Page = { items: Item[]; next_cursor?: string; more: boolean };

async function pageOf(path: string): Promise<Page> {
  const answer = await api.call(path);
  assert.equal(answer.statusCode, 200, answer.body);
  const { events, entries, deliveries, ...page } = answer.json();
  return { items: events ?? entries ?? deliveries, ...page };
}

/** All pages. Each is full, or the last one. */
async function allOf(path: string, query: string, count: number): Promise<Item[]> {
  const found: Item[] = [];
  for (let cursor = ''; ; ) {
    const { items, next_cursor, more } = await pageOf(`${path}?count=${count}${query}${cursor}`);
    found.push(...items);
    if (!more) return found;
    assert.equal(items.length, count);
    assert.ok(next_cursor);
    cursor = `&cursor=${next_cursor}`;
  }
}

const minute = (n: number) => new Date(START + n * 60_000).toISOString();
const timeIn = ({ occurred_at, created_at }: Item) => occurred_at ?? created_at;
const within = `&since=${minute(2)}&until=${minute(8)}`;
const LAST_DAY = `&until=${minute(1000)}`;

const logs: Readonly<Record<string, { readonly path: string; readonly onlyErrors: string }>> = {
  events: { path: `${V1}/events`, onlyErrors: '&types=profile.error' },
  history: { path: `${LIST}/${iccid}/history`, onlyErrors: '&types=profile.error' },
  'the audit log': { path: `${V1}/audit`, onlyErrors: '&operation=profile.error' },
  'the audit entries of a target': { path: `${V1}/audit`, onlyErrors: '&operation=profile.error&target=old' },
  deliveries: { path: `${V1}/webhooks/${HOOK}/deliveries`, onlyErrors: '&types=profile.error' },
};

for (const [name, { path, onlyErrors }] of Object.entries(logs)) {
  test(`${name}: filters come before pages, in both directions`, async () => {
    const expected = [0, 3, 6, 9].map(minute);
    for (const count of [1, 2, 3, 4, 100]) {
      const query = `${onlyErrors}${LAST_DAY}`;
      const oldest = await allOf(path, `${query}&sort=oldest`, count);
      assert.deepEqual(oldest.map(timeIn), expected);
      const newest = await allOf(path, `${query}&sort=newest`, count);
      assert.deepEqual(newest, oldest.toReversed());
    }
  });

  test(`${name}: since is included and until is not`, async () => {
    const all = await allOf(path, `${within}&sort=oldest`, 4);
    assert.deepEqual(all.map(timeIn), [2, 3, 4, 5, 6, 7].map(minute));
    const errors = await allOf(path, `${within}${onlyErrors}&sort=newest`, 1);
    assert.deepEqual(errors.map(timeIn), [6, 3].map(minute));
    assert.deepEqual(await allOf(path, `&since=${minute(3)}&until=${minute(3)}`, 5), []);
  });

  test(`${name}: a full page is not limited by the search, and says that there is more`, async () => {
    const page = await pageOf(`${path}?count=2&sort=newest`);
    assert.deepEqual([page.items.length, page.more, 'search_limited' in page], [2, true, false]);
  });

  test(`${name}: another order, or the cursor of another list, is refused`, async () => {
    for (const [query, field] of [
      ['sort=id', 'sort'],
      ['since=yesterday', 'since'],
      ['cursor=x', 'cursor'],
      ['cursor=1-2', 'cursor'],
    ] as const) {
      const problem = problemIn(await api.call(`${path}?${query}`), 400, 'validation_failed');
      assert.match(JSON.stringify(problem), new RegExp(field));
    }
  });
}

test('a cursor of a list without times is refused where times are limited', async () => {
  const answer = await api.call(`${V1}/events?cursor=1&since=${minute(0)}`);
  assert.match(problemIn(answer, 400, 'validation_failed').detail, /take next_cursor as it is/);
});

test('the cursor of the last page of events finds those that happen later', async () => {
  let at = Date.UTC(2030, 0);
  for (const query of ['types=profile.error', `since=${minute(0)}&types=profile.error`, `iccid=${iccid}`]) {
    at += 1000;
    const last = await pageOf(`${V1}/events?count=1000&${query}`);
    assert.equal(last.more, false);
    const event = { type: 'profile.error', at, iccid, account: 'anna' } as const;
    await api.store.save([{ event: { ...event, to: 'ERROR', actor: { kind: 'system' } } }]);
    const later = await pageOf(`${V1}/events?count=1000&${query}&cursor=${last.next_cursor}`);
    assert.equal(later.items.length, 1);
    assert.equal(later.items[0]?.type, 'profile.error');
  }
});

test('deliveries have filters by state and by type', async () => {
  const { path } = logs.deliveries ?? assert.fail();
  const [first, second] = await allOf(path, '&sort=oldest', 100);
  await api.store.settleDelivery(
    { id: Number(second?.id), attempts: 0 },
    { state: 'delivered', nextAttemptAt: START },
  );
  assert.deepEqual(
    (await allOf(path, '&state=delivered', 1)).map(({ id }) => id),
    [second?.id],
  );
  assert.deepEqual(await allOf(path, '&state=delivered&types=profile.error', 1), []);
  assert.equal((await allOf(path, '&state=pending&types=profile.error', 1)).at(-1)?.id, first?.id);
  assert.deepEqual(await allOf(path, '&types=webhook.test', 1), []);
  problemIn(await api.call(`${path}?types=no.such`), 400, 'validation_failed');
});

test('a stream of events has no order and no times', async () => {
  for (const query of ['sort=newest', `since=${minute(0)}`, `until=${minute(0)}`]) {
    const answer = await api.call(`${V1}/events?${query}`, { headers: { accept: 'text/event-stream' } });
    assert.match(problemIn(answer, 400, 'validation_failed').detail, /not for a stream/);
  }
});

test('a list that would leave out deleted entries is answered with 410, and begins again without a cursor', async () => {
  const { store } = api;
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const chained = { store, node: 'node-1', random: systemRandom, log };
  while (await chainSlices(chained));
  await store.fanOut({
    after: await store.fanOutPosition(),
    upTo: await store.lastEventId(),
    deliveries: [],
  });
  const before = await pageOf(`${V1}/events?count=1`);
  const cursor = before.next_cursor ?? assert.fail();
  const now = Date.UTC(2040, 0, 1);
  await cutLogs({ ...chained, keepDays: { event: 30, audit: 30 } }, now, new AbortController().signal);
  const stream = { accept: 'text/event-stream' };
  for (const [path, headers = {}] of [
    [`${V1}/events?cursor=${cursor}`],
    [`${V1}/events?cursor=${cursor}`, stream],
    [`${V1}/events`, { ...stream, 'last-event-id': cursor }],
    [`${LIST}/${iccid}/history?cursor=${cursor}`],
    [`${V1}/audit?cursor=1&sort=oldest`],
  ] as const) {
    const answer = await api.call(path, { headers });
    const { code, detail } = problemIn(answer, 410);
    assert.equal(code, 'entries_deleted', path);
    assert.match(detail, /up to number \d+ were deleted, and the cursor is before that: leave it out/);
  }
  for (const path of [
    `${V1}/events?cursor=0`,
    `${V1}/events?cursor=1&sort=newest`,
    `${V1}/events`,
    `${V1}/audit?cursor=1`,
  ])
    assert.equal((await api.call(path)).statusCode, 200, path);
  assert.deepEqual((await pageOf(`${V1}/audit?count=1&operation=cutLog`)).items.length, 1);
});
