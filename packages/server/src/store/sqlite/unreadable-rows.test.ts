import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { addAccountWithKey } from '../../accounts/accounts.ts';
import type { ApiKey } from '../ports/api-keys.ts';
import type { UnreadableRow } from '../ports/unreadable-rows.ts';
import { createTables, storeOn } from './store.ts';

const at = 1_800_000_000;
const random = (length: number) => new Uint8Array(length).map(() => Math.floor(256 * Math.random()));

/** A store with two accounts, and the database below it. */
async function storeWithAccounts() {
  const db = new DatabaseSync(':memory:');
  await createTables(db);
  const reported: UnreadableRow[] = [];
  const store = storeOn(db, (row) => reported.push(row));
  for (const userId of ['anna', 'bert'])
    for (const apiKey of ['one', 'two'])
      await addAccountWithKey(store, { userId, apiKey, name: userId, random, now: at * 1000 });
  return { db, store, reported };
}

for (const [value, what] of [
  ['9007199254740992', 'a number that JavaScript cannot hold'],
  ['-9223372036854775808', 'the least number of the database'],
] as const)
  test(`${what} costs its key, and neither the other keys nor the account`, async () => {
    const { db, store, reported } = await storeWithAccounts();
    const [spoilt, other] = (await store.apiKeys('anna')) as [ApiKey, ApiKey];
    db.exec(`update api_key set expires_at = ${value} where id = '${spoilt.id}'`);
    for (let i = 0; i < 3; i++) assert.deepEqual(await store.apiKeys('anna'), [other]);
    assert.equal((await store.apiKeys('bert')).length, 2);
    assert.deepEqual(reported, store.unreadableRows());
    assert.equal(reported.length, 1, 'it is reported once');
    assert.equal(reported[0]?.row, `api_key ${spoilt.id}`);
    assert.match(reported[0]?.reason ?? '', new RegExp(`^expires_at has ${value}, `));
  });

test('a row of the first account that cannot be read leaves the other accounts', async () => {
  const { db, store } = await storeWithAccounts();
  db.exec(`update account set created_at = 9223372036854775807 where id = 'anna'`);
  assert.deepEqual(
    (await store.accounts()).map(({ id }) => id),
    ['bert'],
  );
  assert.equal(store.unreadableRows()[0]?.row, 'account anna');
});

test('an operator or an event that cannot be read leaves the others', async () => {
  const { db, store } = await storeWithAccounts();
  const operator = { account: 'anna', identity: { certificateSha256: random(32) }, createdAt: at };
  for (const name of ['a', 'b', 'c'])
    await store.addOperator({ ...operator, name, requesterIdentifiers: [name] });
  db.exec(`update operator set requester_identifiers = '{' where name = 'b'`);
  assert.deepEqual(
    (await store.operators()).map(({ name }) => name),
    ['a', 'c'],
  );
  const columns = 'account, iccid, type, at, actor, to_state';
  for (const time of [at, 2n ** 60n, at + 1])
    db.exec(
      `insert into event (${columns}) values ('anna', '89', 'profile.created', ${time}, 'user', 'AVAILABLE')`,
    );
  assert.deepEqual(
    (await store.events({ after: 0, count: 10 })).map((event) => event.at),
    [at, at + 1],
  );
  assert.deepEqual(
    store.unreadableRows().map(({ row }) => row),
    ['operator b', 'event 2'],
  );
});

for (const number of [2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
  test(`${number} is not stored`, async () => {
    const { store } = await storeWithAccounts();
    const [key] = (await store.apiKeys('anna')) as [ApiKey];
    await assert.rejects(
      store.addApiKey({ ...key, id: 'new', expiresAt: number }),
      /api_key\.expires_at cannot store/,
    );
    await assert.rejects(store.expireApiKey('anna', key.id, number), /api_key\.expires_at cannot store/);
    await assert.rejects(store.addAccount({ id: 'carl', name: 'Carl', createdAt: number }), RangeError);
    assert.equal((await store.apiKeys('anna')).length, 2);
  });
