import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { next } from '../../contract/records.harness.ts';
import type { ServerStore } from '../../ports/server-store.ts';
import { openPostgresStore } from '../store.ts';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  startPostgres,
  type TestServer,
  until,
} from './server.harness.ts';

/** Readers of one process learn of the events that another one saves, by LISTEN and NOTIFY, or by looking for them. */

const [installation] = installations();
const options = installation === undefined ? { skip: NO_POSTGRES } : {};
let server: TestServer;
before(async () => {
  if (installation !== undefined) server = await startPostgres(installation);
});
after(() => server?.[Symbol.asyncDispose]());

async function open(url: string, more = {}) {
  const store = await openPostgresStore(optionsFor(url, more));
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

const event = () =>
  ({
    type: 'profile.created',
    account: 'a',
    iccid: next.iccid(),
    at: 1,
    actor: { kind: 'system' },
    to: 'AVAILABLE',
  }) as const;

/** A reader that has nothing to read. Its clock is that of its looks. */
function follow(store: ServerStore, isShared = false) {
  const ended = new AbortController();
  const seen: { readonly id: number; readonly at: number }[] = [];
  let looks = 0;
  const watch = store.watchEvents({ isShared });
  const running = (async () => {
    for (let last = 0; !ended.signal.aborted; looks++) {
      const id = await store.lastEventId();
      if (id > last) seen.push({ id, at: performance.now() });
      last = id;
      await watch.next(ended.signal);
    }
  })();
  return {
    seen,
    looks: () => looks,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await running;
    },
  };
}

const isListening = (store: ServerStore) => until(() => store.connections()?.isListening === true);

/** The time from the moment on when a save is durable until a reader of another process has read its event. */
async function delays(
  from: ServerStore,
  reader: ReturnType<typeof follow>,
  times: number,
): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < times; i++) {
    assert.equal(await from.save([{ event: event() }]), 'saved');
    const saved = performance.now();
    const id = await from.lastEventId();
    await until(() => (reader.seen.at(-1)?.id ?? 0) >= id);
    found.push((reader.seen.find((one) => one.id >= id)?.at ?? 0) - saved);
  }
  return found.toSorted((a, b) => a - b);
}

test(
  'an event reaches the readers of another process long before they would look for it',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using one = await open(url);
    await using other = await open(url);
    await using reader = follow(other);
    await using shared = follow(other, true);
    await isListening(other);
    for (const each of [reader, shared]) {
      const found = await delays(one, each, 9);
      const median = found[4] ?? assert.fail();
      assert.ok(
        median < 200,
        `while they listen, readers look once a second; half of the events took ${median} ms`,
      );
    }
  },
);

test(
  'a reader that listens looks once a second, and a burst of events does not make it look for each',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using one = await open(url);
    await using other = await open(url);
    await using reader = follow(other);
    await isListening(other);
    const [looks, began] = [reader.looks(), performance.now()];
    for (let i = 0; i < 200; i++) await one.save([{ event: event() }]);
    await until(() => (reader.seen.at(-1)?.id ?? 0) === 200);
    const most = (performance.now() - began) / 25 + 5;
    assert.ok(
      reader.looks() - looks <= most,
      `${reader.looks() - looks} looks, at most ${most} were expected`,
    );
    await until(() => reader.looks() > looks); // it is idle from here on
    const [idleLooks, idleFrom] = [reader.looks(), performance.now()];
    await until(() => reader.looks() >= idleLooks + 2);
    assert.ok(performance.now() - idleFrom > 900, 'two looks of an idle reader');
  },
);

test('when the connection that listens is lost, readers look often until it is back', options, async () => {
  const url = await server.copyDatabase();
  await using one = await open(url);
  await using other = await open(url);
  await using reader = follow(other);
  await isListening(other);
  await using beside = Object.assign(new pg.Client(url), { [Symbol.asyncDispose]: () => beside.end() });
  await beside.connect();
  const { rowCount } = await beside.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
  );
  assert.equal(rowCount, 1);
  await until(() => other.connections()?.isListening === false);
  const [found] = await delays(one, reader, 1);
  assert.ok((found ?? 0) < 900, `${found} ms without notifications`);
  await isListening(other);
  const again = await delays(one, reader, 9);
  assert.ok((again[4] ?? 999) < 200, `half of them took ${again[4]} ms`);
});

test(
  'a store without readers of events does not listen, and notifies the others when it is closed at once',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using other = await open(url);
    await using reader = follow(other);
    await isListening(other);
    const short = await open(url);
    assert.equal(short.connections()?.isListening, undefined);
    await short.save([{ event: event() }]);
    const saved = performance.now();
    await short.close();
    await until(() => reader.seen.length === 1);
    assert.ok((reader.seen[0]?.at ?? 0) - saved < 900);
  },
);
