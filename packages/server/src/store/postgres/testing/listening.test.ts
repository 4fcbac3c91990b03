import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { next, stocked } from '../../contract/records.harness.ts';
import type { ServerStore } from '../../ports/server-store.ts';
import {
  connectBeside,
  installations,
  NO_POSTGRES,
  openTestStore,
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

const event = () =>
  ({
    type: 'profile.created',
    account: 'a',
    iccid: next.iccid(),
    at: 1,
    actor: { kind: 'system' },
    to: 'AVAILABLE',
  }) as const;

/** While readers listen they look once a second, which is half a second for one half of the events. */
const MOST_MS = 300;

/** A reader of events, with the times of its looks. */
function follow(store: ServerStore, isShared = false) {
  const ended = new AbortController();
  const seen: { readonly id: number; readonly at: number }[] = [];
  const looks: number[] = [];
  const watch = store.watchEvents({ isShared });
  const running = (async () => {
    for (let last = 0; !ended.signal.aborted; ) {
      looks.push(performance.now());
      const id = await store.lastEventId();
      if (id > last) seen.push({ id, at: performance.now() });
      last = id;
      await watch.next(ended.signal);
    }
  })();
  return {
    seen,
    looks: () => looks.length,
    /** The times between its looks. */
    pauses: () => looks.slice(1).map((at, i) => at - (looks[i] ?? 0)),
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

/** The time in which half of the events have been read. */
async function half(from: ServerStore, reader: ReturnType<typeof follow>): Promise<number> {
  return (await delays(from, reader, 15))[7] ?? assert.fail();
}

test(
  'an event reaches the readers of another process long before they would look for it',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using one = await openTestStore(url);
    await using other = await openTestStore(url);
    await using reader = follow(other);
    await using shared = follow(other, true);
    await isListening(other);
    for (const each of [reader, shared]) {
      const median = await half(one, each);
      assert.ok(
        median < MOST_MS,
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
    await using one = await openTestStore(url);
    await using other = await openTestStore(url);
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
  await using beside = await connectBeside(url);
  await beside.query('create role listener login superuser');
  const directUrl = url.replace('esim@', 'listener@');
  await using one = await openTestStore(url);
  await using other = await openTestStore(url, { directUrl });
  await using reader = follow(other);
  await isListening(other);
  await beside.query('alter role listener nologin');
  await beside.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'listener'");
  await until(() => other.connections()?.isListening === false);
  const before = reader.pauses().length;
  await until(() => reader.pauses().length > before + 9);
  const pauses = reader.pauses().slice(before + 1);
  assert.ok(Math.min(...pauses) < 900, `it looks four times a second, and not every ${pauses} ms`);
  await delays(one, reader, 1);
  assert.equal(other.connections()?.isListening, false);
  await beside.query('alter role listener login');
  await isListening(other);
  const again = await half(one, reader);
  assert.ok(again < MOST_MS, `half of them took ${again} ms`);
});

test(
  'a store without readers of events does not listen, and notifies the others when it is closed at once',
  options,
  async () => {
    const url = await server.copyDatabase();
    await using beside = await connectBeside(url);
    let notified = 0;
    beside.on('notification', () => notified++);
    await beside.query('listen esim_rsp_events');
    const short = await openTestStore(url);
    assert.equal(short.connections()?.isListening, undefined);
    await short.save([{ profile: stocked() }]);
    await short.save([{ event: event() }]);
    await short.close();
    await until(() => notified === 1);
  },
);
