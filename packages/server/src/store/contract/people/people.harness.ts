import assert from 'node:assert/strict';
import { MOST_PEOPLE, type Person } from '../../ports/people/people.ts';
import type { StoreTest } from '../records.harness.ts';

const ada: Person = {
  id: 'person-1',
  account: 'a',
  email: 'ada@example.com',
  name: 'Ada',
  role: 'support',
  createdAt: 100,
};

/** The contract of people. */
export const personContract: Record<string, StoreTest> = {
  'a person is read back as stored, by the account or by the e-mail address': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const full: Person = {
      ...ada,
      passwordHash: '$argon2id$…',
      disabledAt: 200,
      signedInAt: 150,
      openidSubject: 'https://id.example.com 42',
    };
    const other: Person = { ...ada, id: 'person-2', account: 'b' };
    assert.equal(await store.addPerson(full), 'added');
    assert.equal(await store.addPerson(other), 'added');
    assert.equal(await store.addPerson({ ...ada, id: 'person-3' }), 'exists');
    assert.deepEqual(await store.people('a'), [full]);
    assert.deepEqual(await store.person('a', 'person-1'), full);
    assert.equal(await store.person('b', 'person-1'), undefined);
    const accounts = async () => (await store.peopleByEmail(ada.email)).map(({ account }) => account);
    assert.deepEqual(await accounts(), ['a']);
    await store.updatePerson('b', 'person-2', (person) => ({ ...person, signedInAt: 160 }));
    assert.deepEqual(await accounts(), ['b', 'a']);
    assert.deepEqual(await store.peopleByEmail('none@example.com'), []);
  },
  'a person changes, and keeps the id and the account': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    await store.addPerson({ ...ada, passwordHash: 'hash' });
    const changed = await store.updatePerson('a', 'person-1', ({ passwordHash: _, ...person }) => ({
      ...person,
      role: 'admin',
      name: 'Ada L.',
      account: 'b',
    }));
    assert.deepEqual(changed, { ...ada, role: 'admin', name: 'Ada L.' });
    assert.deepEqual(await store.people('a'), [changed]);
    assert.equal(await store.updatePerson('b', 'person-1', (person) => person), undefined);
  },
  'the sessions and the tickets of a person can be ended, and end with the person': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    for (const id of ['person-1', 'person-2'])
      await store.addPerson({ ...ada, id, email: `${id}@example.com` });
    let n = 0;
    const hash = () => new Uint8Array(32).fill(++n);
    const times = { createdAt: 10, lastUsedAt: 10, endsAt: 999 };
    for (const [id, person] of [
      ['s1', 'person-1'],
      ['s2', 'person-1'],
      ['s3', 'person-2'],
    ] as const)
      await store.addConsoleSession({ id, hash: hash(), account: 'a', person, ...times });
    const ids = async (person: string) =>
      (await store.consoleSessionsOf({ person })).map(({ id }) => id).toSorted();
    assert.deepEqual(await ids('person-1'), ['s1', 's2']);
    await store.deleteConsoleSessionsOf({ person: 'person-1' }, 's2');
    assert.deepEqual([await ids('person-1'), await ids('person-2')], [['s2'], ['s3']]);
    const ticket = { account: 'a', person: 'person-1', endsAt: 999 };
    const [first, second] = [hash(), hash()];
    await store.addConsoleTicket({ ...ticket, hash: first }, 1);
    assert.deepEqual(await store.consoleTicket(first, 5), { ...ticket, hash: first });
    assert.equal(await store.consoleTicket(first, 999), undefined);
    await store.deleteConsoleTicketsOf('person-1');
    assert.equal(await store.takeConsoleTicket(first, 5), undefined);
    await store.addConsoleTicket({ ...ticket, hash: second }, 1);
    assert.equal(await store.deletePerson('b', 'person-1'), false);
    assert.equal(await store.deletePerson('a', 'person-1'), true);
    assert.equal(await store.takeConsoleTicket(second, 5), undefined);
    assert.deepEqual([await ids('person-1'), await ids('person-2')], [[], ['s3']]);
    await store.addConsoleSession({ id: 's4', hash: hash(), account: 'a', keyId: 'k', ...times });
    assert.deepEqual(
      (await store.consoleSessionsOf({ account: 'a', keyId: 'k' })).map(({ id }) => id),
      ['s4'],
    );
    assert.deepEqual(await store.consoleSessionsOf({ account: 'b', keyId: 'k' }), []);
    await store.deleteConsoleSessionsOf({ account: 'a', keyId: 'k' });
    assert.deepEqual(await store.consoleSessionsOf({ account: 'a', keyId: 'k' }), []);
  },
  'an account has a limited number of people': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const numbered = (n: number) => ({ ...ada, id: `person-${n}`, email: `p${n}@example.com` });
    await Promise.all(Array.from({ length: MOST_PEOPLE }, (_, n) => store.addPerson(numbered(n))));
    assert.equal(await store.addPerson(numbered(MOST_PEOPLE)), 'full');
    assert.equal(await store.addPerson({ ...numbered(MOST_PEOPLE), account: 'b' }), 'added');
  },
};
