import assert from 'node:assert/strict';
import { MOST_SIGN_IN_NAMES, type SignInLimit } from '../../ports/people/sign-in-attempts.ts';
import type { StoreTest } from '../records.harness.ts';

const NOW = 1_800_000_000_000_000;
const SECOND = 1_000_000;
const ten = (name: string): SignInLimit => ({ name, perMinute: 10 });

/** The contract of the attempts to sign in. */
export const signInAttemptContract: Record<string, StoreTest> = {
  'attempts of a minute are counted, also at the same time, and those of another name apart': async (
    store,
  ) => {
    const waits = await Promise.all(Array.from({ length: 25 }, () => store.takeSignInAttempt(ten('a'), NOW)));
    assert.equal(waits.filter((wait) => wait === 0).length, 10);
    assert.equal(Math.max(...waits), 6 * SECOND);
    assert.equal(await store.takeSignInAttempt(ten('b'), NOW), 0);
    assert.equal(await store.takeSignInAttempt(ten('a'), NOW + 5 * SECOND), SECOND);
    assert.equal(await store.takeSignInAttempt(ten('a'), NOW + 6 * SECOND), 0);
    assert.equal(await store.takeSignInAttempt(ten('a'), NOW + 6 * SECOND), 6 * SECOND);
    assert.equal(await store.takeSignInAttempt({ name: 'c', perMinute: 5_000_000 }, NOW), 0);
  },
  'an attempt that is given back does not count': async (store) => {
    for (let i = 0; i < 30; i++) {
      assert.equal(await store.takeSignInAttempt(ten('a'), NOW), 0);
      await store.giveBackSignInAttempts([ten('a'), ten('not counted')]);
    }
  },
  'a clock that was wrong locks nobody out': async (store) => {
    const later = NOW + 3600 * SECOND;
    for (let i = 0; i < 10; i++) await store.takeSignInAttempt(ten('a'), later);
    assert.equal(await store.takeSignInAttempt(ten('b'), later), 0);
    assert.equal(await store.takeSignInAttempt(ten('a'), NOW), 0);
    assert.equal(await store.takeSignInAttempt(ten('b'), NOW), 0);
  },
  'of too many names, those that have tried least are forgotten': async (store) => {
    for (let i = 0; i < 10; i++) await store.takeSignInAttempt(ten('a'), NOW);
    await store.takeSignInAttempt(ten('once'), NOW);
    const limits = Array.from({ length: MOST_SIGN_IN_NAMES }, (_, i) => ({
      ...ten(`name ${i}`),
      perMinute: 9,
    }));
    const slice = 500;
    for (let i = 0; i < limits.length; i += slice)
      await Promise.all(limits.slice(i, i + slice).map((limit) => store.takeSignInAttempt(limit, NOW)));
    assert.ok((await store.takeSignInAttempt(ten('a'), NOW)) > 0);
    for (let i = 0; i < 10; i++) assert.equal(await store.takeSignInAttempt(ten('once'), NOW), 0);
  },
};
