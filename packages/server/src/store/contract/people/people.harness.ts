import assert from 'node:assert/strict';
import { type Invitation, MOST_PEOPLE, type Person } from '../../ports/people/people.ts';
import type { StoreTest } from '../records.harness.ts';

const ada: Person = {
  id: 'person-1',
  account: 'a',
  email: 'ada@example.com',
  name: 'Ada',
  role: 'support',
  createdAt: 100,
};

const hashOf = (n: number) => new Uint8Array(32).fill(n);
const invitationOf = ({ id: person, account }: Person, n: number): Invitation => ({
  ...{ account, person, endsAt: 999, hash: hashOf(n) },
});
const sessionOf = ({ id: person, account }: Person, id: string, n: number) => ({
  ...{ id, account, person, hash: hashOf(n), createdAt: 10, lastUsedAt: 10, endsAt: 999 },
});

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
    const invitation = { account: 'a', person: 'person-1', endsAt: 999, hash: hash() };
    await store.invitePerson(invitation);
    assert.equal(await store.deletePerson('b', 'person-1'), false);
    assert.equal(await store.deletePerson('a', 'person-1'), true);
    assert.equal(await store.takeConsoleTicket(invitation.hash, 5), undefined);
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
  'a person is added with an invitation, both or neither': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const first = invitationOf(ada, 1);
    assert.equal(await store.addPerson(ada, first), 'added');
    assert.deepEqual(await store.consoleTicket(first.hash, 5), first);
    assert.equal(await store.consoleTicket(first.hash, 999), undefined);
    const other = { ...ada, id: 'person-2', email: 'grace@example.com' };
    assert.equal(await store.addPerson({ ...other, email: ada.email }, invitationOf(other, 2)), 'exists');
    assert.equal(await store.consoleTicket(invitationOf(other, 2).hash, 5), undefined);
    await assert.rejects(store.addPerson(other, invitationOf(other, 1)), 'another invitation has this hash');
    assert.deepEqual(await store.people('a'), [ada]);
  },
  'of many invitations of a person at the same moment exactly one stays valid': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const grace = { ...ada, id: 'person-2', email: 'grace@example.com' };
    await store.addPerson(ada, invitationOf(ada, 1));
    await store.addPerson(grace, invitationOf(grace, 2));
    const invitations = Array.from({ length: 12 }, (_, n) => invitationOf(ada, 10 + n));
    const outcomes = await Promise.all(invitations.map((one) => store.invitePerson(one)));
    assert.deepEqual(new Set(outcomes), new Set(['invited']));
    const valid = await Promise.all(
      [invitationOf(ada, 1), ...invitations].map(({ hash }) => store.consoleTicket(hash, 5)),
    );
    assert.equal(valid.filter((one) => one !== undefined).length, 1);
    assert.ok(await store.consoleTicket(invitationOf(grace, 2).hash, 5), 'that of somebody else stays');
    assert.equal(await store.invitePerson({ ...invitationOf(ada, 3), account: 'b' }), 'unknown');
    assert.equal(await store.consoleTicket(invitationOf(ada, 3).hash, 5), undefined);
  },
  'an invitation is accepted once: with the password, no other invitation or session is left': async (
    store,
  ) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const { hash } = invitationOf(ada, 1);
    await store.addPerson({ ...ada, disabledAt: 5 }, invitationOf(ada, 1));
    await store.addConsoleSession(sessionOf(ada, 's1', 1));
    assert.equal(await store.acceptInvitation(hash, 'password', 7), undefined);
    assert.deepEqual(await store.consoleTicket(hash, 7), invitationOf(ada, 1));
    await store.updatePerson('a', ada.id, () => ada);
    await store.addConsoleSession(sessionOf(ada, 's2', 2));
    assert.equal(await store.acceptInvitation(hash, 'password', 999), undefined);
    const accepted = await Promise.all(['one', 'two'].map((one) => store.acceptInvitation(hash, one, 8)));
    const [person, ...others] = accepted.filter((one) => one !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(person, { ...ada, passwordHash: person?.passwordHash, signedInAt: 8 });
    assert.ok(['one', 'two'].includes(person.passwordHash ?? ''));
    assert.deepEqual(await store.people('a'), [person]);
    assert.equal(await store.consoleTicket(hash, 8), undefined);
    assert.deepEqual(await store.consoleSessionsOf({ person: ada.id }), []);
  },
  'a change of role, password or access ends the sessions of a person but one': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    await store.addPerson(ada);
    const changes: readonly [Partial<Person>, kept: readonly string[]][] = [
      [{ name: 'Ada L.', signedInAt: 9, openidSubject: 'https://id.example.com 42' }, ['s1', 's2']],
      [{ role: 'admin' }, ['s2']],
      [{ passwordHash: 'hash' }, ['s2']],
      [{ disabledAt: 9 }, ['s2']],
    ];
    for (const [change, kept] of changes) {
      for (const [id, n] of [
        ['s1', 1],
        ['s2', 2],
      ] as const) {
        await store.deleteConsoleSession(id);
        await store.addConsoleSession(sessionOf(ada, id, n));
      }
      await store.updatePerson('a', ada.id, (before) => ({ ...before, ...change }), 's2');
      const ids = (await store.consoleSessionsOf({ person: ada.id })).map(({ id }) => id);
      assert.deepEqual([change, ids.toSorted()], [change, kept]);
    }
  },
  'an account has a limited number of people': async (store) => {
    for (const id of ['a', 'b']) await store.addAccount({ id, name: id, createdAt: 1 });
    const numbered = (n: number) => ({ ...ada, id: `person-${n}`, email: `p${n}@example.com` });
    await Promise.all(Array.from({ length: MOST_PEOPLE }, (_, n) => store.addPerson(numbered(n))));
    assert.equal(await store.addPerson(numbered(MOST_PEOPLE)), 'full');
    assert.equal(await store.addPerson({ ...numbered(MOST_PEOPLE), account: 'b' }), 'added');
  },
};
