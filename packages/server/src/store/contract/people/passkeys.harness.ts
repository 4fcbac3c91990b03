import assert from 'node:assert/strict';
import { MOST_PASSKEY_CHALLENGES, MOST_PASSKEYS, type Passkey } from '../../ports/people/passkeys.ts';
import type { Person } from '../../ports/people/people.ts';
import type { StoreTest } from '../records.harness.ts';

const bytes = (n: number) => new Uint8Array(32).fill(n);

const passkey: Passkey = {
  id: 'passkey-1',
  account: 'a',
  person: 'person-1',
  credentialId: bytes(1),
  publicKey: bytes(2),
  rpId: 'rsp.example.com',
  counter: 4,
  transports: ['internal', 'hybrid'],
  name: 'Laptop',
  createdAt: 100,
};

const ada: Person = {
  id: 'person-1',
  account: 'a',
  email: 'ada@example.com',
  name: 'Ada',
  role: 'support',
  createdAt: 100,
};

/** The contract of passkeys and their challenges. */
export const passkeyContract: Record<string, StoreTest> = {
  'a passkey is read back as stored, by the person or the credential, and ends with the person': async (
    store,
  ) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    await store.addPerson(ada);
    const bare: Passkey = { ...passkey, id: 'passkey-2', credentialId: bytes(3), transports: [], usedAt: 7 };
    assert.equal(await store.addPasskey(passkey), 'added');
    assert.equal(await store.addPasskey(bare), 'added');
    assert.equal(await store.addPasskey({ ...passkey, id: 'passkey-3', person: 'person-2' }), 'exists');
    assert.deepEqual(await store.passkeysOf('person-1'), [passkey, bare]);
    assert.deepEqual(await store.passkeysOf('person-2'), []);
    assert.deepEqual(await store.passkeyByCredential(bytes(1)), passkey);
    assert.equal(await store.passkeyByCredential(bytes(9)), undefined);
    const owned = { account: 'a', person: 'person-1', createdAt: 10, lastUsedAt: 10, endsAt: 999 };
    for (const n of [1, 2]) await store.addConsoleSession({ ...owned, id: `s${n}`, hash: bytes(n) });
    const sessions = async () =>
      (await store.consoleSessionsOf({ person: 'person-1' })).map(({ id }) => id).toSorted();
    assert.equal(await store.deletePasskey('person-2', 'passkey-1'), false);
    assert.equal(await store.deletePasskey('person-1', 'passkey-9'), false);
    assert.deepEqual(await sessions(), ['s1', 's2']);
    assert.equal(await store.deletePasskey('person-1', 'passkey-1', 's2'), true);
    assert.deepEqual(await sessions(), ['s2']);
    assert.deepEqual(await store.passkeysOf('person-1'), [bare]);
    await store.deletePerson('a', 'person-1');
    assert.equal(await store.passkeyByCredential(bytes(3)), undefined);
  },
  'a use of a passkey is recorded once for each value of its counter': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    await store.addPasskey(passkey);
    const use = { before: 4, counter: 5, at: 200 };
    const outcomes = await Promise.all([1, 2].map(() => store.recordPasskeyUse('passkey-1', use)));
    assert.deepEqual(outcomes.toSorted(), [false, true]);
    assert.deepEqual(await store.passkeysOf('person-1'), [{ ...passkey, counter: 5, usedAt: 200 }]);
    assert.equal(await store.recordPasskeyUse('passkey-9', use), false);
  },
  'a person has a limited number of passkeys': async (store) => {
    await store.addAccount({ id: 'a', name: 'A', createdAt: 1 });
    const numbered = (n: number) => ({ ...passkey, id: `passkey-${n}`, credentialId: bytes(n + 1) });
    await Promise.all(Array.from({ length: MOST_PASSKEYS }, (_, n) => store.addPasskey(numbered(n))));
    assert.equal(await store.addPasskey(numbered(MOST_PASSKEYS)), 'full');
    assert.equal(await store.addPasskey({ ...numbered(MOST_PASSKEYS), person: 'person-2' }), 'added');
  },
  'there is a limited number of challenges that have not ended': async (store) => {
    const numbered = (n: number) => {
      const hash = new Uint8Array(32);
      new DataView(hash.buffer).setUint32(0, n + 1);
      return { hash, endsAt: 100 };
    };
    for (let n = 0; n < MOST_PASSKEY_CHALLENGES; n += 500)
      await Promise.all(
        Array.from({ length: 500 }, (_, i) => store.addPasskeyChallenge(numbered(n + i), 10)),
      );
    const next = { ...numbered(MOST_PASSKEY_CHALLENGES), endsAt: 200 };
    assert.equal(await store.addPasskeyChallenge(next, 99), 'full');
    assert.equal(await store.addPasskeyChallenge(next, 100), 'added');
  },
  'a challenge of a passkey is given once, and not after its end': async (store) => {
    const first = { hash: bytes(1), endsAt: 100 };
    const second = { hash: bytes(2), person: 'person-1', endsAt: 200 };
    for (const one of [first, second]) assert.equal(await store.addPasskeyChallenge(one, 10), 'added');
    const taken = await Promise.all([1, 2].map(() => store.takePasskeyChallenge(bytes(1), 50)));
    assert.deepEqual(
      taken.filter((one) => one !== undefined),
      [first],
    );
    assert.equal(await store.takePasskeyChallenge(bytes(2), 200), undefined);
    await store.addPasskeyChallenge(first, 100);
    await store.addPasskeyChallenge({ ...first, hash: bytes(3) }, 150);
    assert.equal(await store.takePasskeyChallenge(bytes(1), 50), undefined);
    assert.deepEqual(await store.takePasskeyChallenge(bytes(2), 199), second);
  },
};
