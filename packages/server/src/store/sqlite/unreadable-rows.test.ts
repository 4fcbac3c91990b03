import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { addAccountWithKey } from '../../accounts/accounts.ts';
import { refusedSession, released } from '../contract/records.harness.ts';
import type { ApiKey } from '../ports/api-keys.ts';
import type { UnreadableRow } from '../ports/unreadable-rows.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { createTables, storeOn } from './store.ts';

const at = 1_800_000_000;
const random = (length: number) => new Uint8Array(length).map(() => Math.floor(256 * Math.random()));

/** A store with two accounts, and the database below it. */
async function storeWithAccounts() {
  const db = new DatabaseSync(':memory:');
  await createTables(db);
  const reported: UnreadableRow[] = [];
  const store = await storeOn(db, testMasterKey, (row) => reported.push(row));
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
    (await store.events({ count: 10 })).items.map((event) => event.at),
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

for (const [column, value] of [
  ['attempts', '1152921504606846976'],
  ['next_attempt_at', '-9007199254740993'],
  ['next_attempt_at', '1152921504606846976'],
  ['created_at', '1152921504606846976'],
] as const)
  test(`a pending delivery with ${value} in ${column} fails, and those behind it are sent`, async () => {
    const { db, store, reported } = await storeWithAccounts();
    const target = { kind: 'webhook', target: 'we_1' } as const;
    const delivery = { ...target, account: 'anna', type: 'test', iccid: '89', createdAt: at };
    const [spoilt, next] = [await store.addDelivery(delivery), await store.addDelivery(delivery)];
    db.exec(`update delivery set ${column} = ${value} where id = ${spoilt.id}`);
    const claim = { ...target, node: 'n', now: at + 1000, leaseUntil: at + 2000 };
    assert.equal((await store.claimDelivery(claim))?.id, next.id);
    const row = db.prepare('select state, last_error from delivery where id = ?').get(spoilt.id);
    assert.deepEqual(
      { ...row },
      { state: 'failed', last_error: `the record delivery ${spoilt.id} cannot be read` },
    );
    assert.equal(reported[0]?.row, `delivery ${spoilt.id}`);
    assert.equal(await store.claimDelivery(claim), undefined);
  });

test('a session that cannot be read is an error that names it', async () => {
  const { db, store } = await storeWithAccounts();
  const session = refusedSession();
  assert.equal(await store.save([{ session }]), 'saved');
  db.exec(`update session set expires_at = 9223372036854775807`);
  await assert.rejects(store.session(session.transactionId), {
    name: 'UnreadableRecordError',
    message: `the record session ${session.transactionId} cannot be read`,
  });
  assert.equal(store.unreadableRows()[0]?.row, `session ${session.transactionId}`);
});

test('an operator or a kept answer that cannot be read is an error that names it, and the operator can be deleted', async () => {
  const { db, store } = await storeWithAccounts();
  const operator = { account: 'anna', identity: { certificateSha256: random(32) }, createdAt: at };
  await store.addOperator({ ...operator, name: 'shop', requesterIdentifiers: ['shop'] });
  db.exec(`update operator set created_at = ${2n ** 60n}`);
  const unreadable = (row: string) => ({ name: 'UnreadableRecordError', row, account: 'anna' });
  await assert.rejects(store.operator('shop'), unreadable('operator shop'));
  await assert.rejects(
    store.updateOperator('shop', (one) => one),
    unreadable('operator shop'),
  );
  assert.equal(await store.deleteOperator('shop'), 'anna');
  assert.equal(await store.operator('shop'), undefined);
  const request = { account: 'anna', key: 'k', fingerprint: 'f', begunAt: at };
  assert.equal(await store.beginRequest(request, 0), 'started');
  db.exec(`update idempotency set begun_at = ${2n ** 60n}`);
  await assert.rejects(store.beginRequest(request, 0), unreadable('idempotency k'));
});

test('a profile, and a link, that cannot be read are errors of the page that name them', async () => {
  const { db, store } = await storeWithAccounts();
  const profile = released({}, { account: 'anna' });
  assert.equal(await store.save([{ profile }]), 'saved');
  const { iccid, account } = profile;
  const times = { createdAt: at, expiresAt: at + 1, views: 0 };
  await store.addInstallLink({ hash: 'h', iccid, account, ...times });
  assert.equal((await store.linkedPage('h'))?.profile?.iccid, iccid);
  const unreadable = (row: string) => ({ name: 'UnreadableRecordError', row, account: 'anna' });
  db.exec(`update profile set reuses_left = ${2n ** 60n}`);
  await assert.rejects(store.linkedPage('h'), unreadable(`profile ${iccid}`));
  db.exec(`update install_link set expires_at = ${2n ** 60n}`);
  await assert.rejects(store.linkedPage('h'), unreadable('install_link h'));
  assert.deepEqual(
    store.unreadableRows().map(({ row }) => row),
    [`profile ${iccid}`, 'install_link h'],
  );
});

test('a secret of transactions that cannot be read is replaced, and the others stay', async () => {
  const { db, store } = await storeWithAccounts();
  const secrets = [1, 2, 3].map((number) => ({ number, secret: random(32), beginsAt: at + number }));
  for (const secret of secrets.slice(0, 2)) await store.addTransactionSecret(secret, 4);
  db.exec(`update transaction_secret set begins_at = ${2n ** 60n} where number = 2`);
  const numbers = async () => (await store.transactionSecrets()).map(({ number }) => number);
  assert.deepEqual(await numbers(), [1]);
  const again = { number: 2, secret: random(32), beginsAt: at + 9 };
  await store.addTransactionSecret(again, 4);
  assert.deepEqual(await numbers(), [1, 2]);
  await store.addTransactionSecret({ ...again, beginsAt: at + 99 }, 4);
  assert.equal((await store.transactionSecrets())[1]?.beginsAt, at + 9, 'a readable one stays as it is');
});
