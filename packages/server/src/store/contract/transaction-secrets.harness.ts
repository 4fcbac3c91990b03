import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { StoreTest } from './records.harness.ts';

const secretOf = (number: number, fill = number) => ({
  number,
  secret: new Uint8Array(32).fill(fill),
  beginsAt: number * 1000,
});

/** The contract of the secrets from which transactions are derived. */
export const transactionSecretContract: Record<string, StoreTest> = {
  'of two servers that add the same secret, the first one wins for both': async (store) => {
    await Promise.all([1, 2].map((fill) => store.addTransactionSecret(secretOf(1, fill), 4)));
    assert.deepEqual(
      (await store.transactionSecrets()).map(({ secret }) => secret[0]),
      [1],
    );
  },
  'secrets come in their order, and only the newest are kept': async (store) => {
    for (const number of [1, 2, 3]) await store.addTransactionSecret(secretOf(number), 2);
    assert.deepEqual(
      (await store.transactionSecrets()).map(({ number, secret, beginsAt }) => ({
        number,
        secret,
        beginsAt,
      })),
      [secretOf(2), secretOf(3)],
    );
  },
  'a secret is not printed': async (store) => {
    await store.addTransactionSecret(secretOf(1, 0x5a), 4);
    const found = await store.transactionSecrets();
    for (const text of [inspect(found, { depth: 9 }), JSON.stringify(found)])
      assert.doesNotMatch(text, /5a|90/);
  },
};
