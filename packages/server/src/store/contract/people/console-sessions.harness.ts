import assert from 'node:assert/strict';
import { type ConsoleSession, MOST_CONSOLE_SESSIONS } from '../../ports/people/console-sessions.ts';
import type { StoreTest } from '../records.harness.ts';

const hashOf = (n: number) => new Uint8Array(32).fill(n);

const session: ConsoleSession = {
  id: 's1',
  hash: hashOf(1),
  account: 'a',
  keyId: 'k',
  createdAt: 100,
  lastUsedAt: 100,
  endsAt: 900,
};

/** The contract of the sessions of people, and of the links that begin them. */
export const consoleSessionContract: Record<string, StoreTest> = {
  'a console session is found by the hash of its token until it is deleted': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const { keyId: _, ...rest } = session;
    const other = { ...rest, id: 's2', hash: hashOf(2), person: 'p', address: '::1', userAgent: 'Browser/1' };
    for (const one of [session, other]) await store.addConsoleSession(one);
    assert.deepEqual(await store.consoleSession(hashOf(1)), session);
    assert.deepEqual(await store.consoleSession(hashOf(2)), other);
    assert.equal(await store.consoleSession(hashOf(3)), undefined);
    assert.equal(await store.deleteConsoleSession('s1'), true);
    assert.equal(await store.deleteConsoleSession('s1'), false);
    assert.equal(await store.consoleSession(hashOf(1)), undefined);
  },
  'the last use of a console session never goes back': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    await store.addConsoleSession(session);
    await store.recordConsoleSessionUse('s1', 300);
    await store.recordConsoleSessionUse('s1', 200);
    await store.recordConsoleSessionUse('none', 400);
    assert.equal((await store.consoleSession(hashOf(1)))?.lastUsedAt, 300);
  },
  'console sessions that have ended go when another begins': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    await store.addConsoleSession(session);
    await store.addConsoleSession({ ...session, id: 's2', hash: hashOf(2), endsAt: 901 });
    await store.addConsoleSession({ ...session, id: 's3', hash: hashOf(3), createdAt: 900, endsAt: 1900 });
    const found = await Promise.all([1, 2, 3].map((n) => store.consoleSession(hashOf(n))));
    assert.deepEqual(
      found.map((one) => one?.id),
      [undefined, 's2', 's3'],
    );
  },
  'a person and a key keep their newest console sessions, and take none from others of the account': async (
    store,
  ) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const { keyId: _, ...rest } = session;
    let made = 0;
    const begin = async (owner: Pick<ConsoleSession, 'keyId' | 'person'>, createdAt: number) => {
      const hash = new Uint8Array(32);
      new DataView(hash.buffer).setUint32(0, ++made);
      const one = { ...rest, ...owner, id: `s${made}`, hash, createdAt, endsAt: 90_000 };
      await store.addConsoleSession(one);
      return async () => (await store.consoleSession(hash)) !== undefined;
    };
    for (const owner of [{ keyId: 'k' }, { person: 'p' }]) {
      const others = [await begin({ keyId: 'other' }, 1), await begin({ person: 'other' }, 1)];
      const [oldest, second] = [await begin(owner, 100), await begin(owner, 101)];
      const more = Array.from({ length: MOST_CONSOLE_SESSIONS - 2 }, (_, n) => begin(owner, 102 + n));
      await Promise.all(more);
      assert.equal(await oldest(), true);
      await begin(owner, 5000);
      assert.equal(await oldest(), false);
      for (const isKept of [second, ...others]) assert.equal(await isKept(), true);
    }
  },
  'a ticket is given once, and not after its end': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const ticket = { hash: hashOf(1), account: 'a', keyId: 'k', endsAt: 100 };
    const invitation = { hash: hashOf(2), account: 'a', person: 'p', endsAt: 200 };
    for (const one of [ticket, invitation]) await store.addConsoleTicket(one, 10);
    const taken = await Promise.all([1, 2].map(() => store.takeConsoleTicket(hashOf(1), 50)));
    assert.deepEqual(
      taken.filter((one) => one !== undefined),
      [ticket],
    );
    assert.equal(await store.takeConsoleTicket(hashOf(2), 200), undefined);
    assert.deepEqual(await store.takeConsoleTicket(hashOf(2), 199), invitation);
    await store.addConsoleTicket(ticket, 10);
    await store.addConsoleTicket(invitation, 100);
    assert.equal(await store.takeConsoleTicket(hashOf(1), 50), undefined);
  },
};
