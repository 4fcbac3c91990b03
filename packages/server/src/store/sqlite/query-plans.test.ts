import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { contract } from '../contract/store.harness.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import { createTables, storeOn } from './store.ts';

/** Statements that may read a whole table, sort what they read, or return any number of rows, each by a part of its text; and why. */
const reasons: Readonly<Record<string, string>> = {
  'from "account" order by': 'only keys with the permission server create accounts',
  'from "operator" order by': 'only keys with the permission server create operators',
  'from mail_recipient where': 'once for each alert; an account has a limited number of recipients',
  'from "number_reservation" order by "last"$': 'only people on the machine of the server reserve numbers',
  'from "webhook_endpoint"': 'an account has a limited number of webhooks',
  '"core_network"': 'an account has a limited number of core networks',
  '"core_subscriber" where .*"iccid" = ': 'a profile has one IMSI, or a few if it was created again',
  '"upstream(_type)?"': 'an account has a limited number of upstreams, and of types that come from them',
  'from "template"': 'an account has a limited number of templates',
  'from "api_key"': 'an account has a limited number of valid keys, and the last expired ones',
  'from "passkey" where "person"': 'a person has a limited number of passkeys',
  'from "passkey_challenge"$': 'there is a limited number of challenges',
  'delete from "sign_in_attempt" where "full_at"': 'a limited number of names is kept',
  'from "person"': 'an account has a limited number of people',
  '"console_session" where "(person|account)" = ': 'the newest sessions of an account are kept',
  'delete from "console_ticket" where "person" = ': 'a person has one invitation',
  '"refused_call"': 'a limited number of them is kept',
  'from "transaction_secret"': 'two or three are kept',
  'from "data_key"': 'one is added for a billion sealed values, or when somebody rotates them',
  'from migration where number = ': 'it finds the last row by its key',
  'from "sealed_table"': 'it has a row for each table with secrets',
  '"outbox"': 'it has one row',
  'order by "opened_at" desc nulls last, "transaction_id" limit':
    'only sessions of the same millisecond are sorted',
  'set "lease_until" = 0 where "lease_node"': 'once, before the server serves',
  '(delete from|update) "(event|delivery|operation|session|idempotency|idempotency_target|profile_use)".* where "(account|asked_iccid|iccid)" = \\?':
    'what belongs to one profile, which ends with it in one transaction',
  'update "chain_(position|link)" set|select "id" from "event"':
    'the links of the events of one profile, whose content ends with it in one transaction',
  'select min\\(event_id\\)': 'of deliveries of that time only those are left that are pending',
  'delete from (chain_link|event|audit) where .* <= \\?$':
    'the entries of one cut, which were read with a limit',
  'delete from "profile" where': 'with the uses of one profile, which end with it in one transaction',
  'update "idempotency" set "sealed" = ':
    'what belongs to one profile, which ends with it in one transaction',
  'select "iccid" from "idempotency_target"': 'a request has changed a limited number of profiles',
  '"install_link".* where "iccid" = ': 'a profile has a link for each of its last orders',
  'as bigint\\) as period': 'of a limited number of ends, which an index has',
  'as "overlapping"': 'at most one range for each of the numbers that are looked up together',
};

type Plan = { readonly text: string; readonly steps: readonly string[] };

/** Whether a step reads everything, or sorts. What another part of the plan returns is bounded there. */
function isLong(step: string, steps: readonly string[]): boolean {
  const [, scanned] = /^SCAN (\S+)$/.exec(step) ?? [];
  const isPart = steps.some(
    (other) => /^(CO-ROUTINE|MATERIALIZE) /.test(other) && other.endsWith(` ${scanned}`),
  );
  return (
    (step.startsWith('SCAN ') && !isPart && step !== 'SCAN CONSTANT ROW') || step.includes('TEMP B-TREE')
  );
}

/** Every statement that the contract makes a store prepare. */
async function preparedStatements(tables: Uint8Array): Promise<readonly string[]> {
  const texts = new Set<string>();
  for (const check of Object.values(contract)) {
    const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
    db.deserialize(tables);
    const prepare = db.prepare.bind(db);
    db.prepare = (text) => {
      texts.add(text);
      return prepare(text);
    };
    const store = await storeOn(db, testMasterKey);
    await check(store);
    await store.close();
  }
  return [...texts].filter((text) => /^(select|with|insert|update|delete)\b/.test(text));
}

let prepared: Promise<readonly string[]> | undefined;

/** The same, of one run of the contract for all tests. */
function statementsOfContract(empty: DatabaseSync): Promise<readonly string[]> {
  prepared ??= preparedStatements(empty.serialize());
  return prepared;
}

/** The columns of each key, as many as a search must fix to find one row. */
function keysOf(db: DatabaseSync): ReadonlyMap<string, number> {
  const indexes = db.prepare("select tbl_name, name from sqlite_schema where type = 'index'").all();
  const unique = indexes.filter(({ tbl_name, name }) =>
    db
      .prepare('select 1 from pragma_index_list(?) where name = ? and "unique" = 1')
      .get(String(tbl_name), String(name)),
  );
  return new Map(
    unique.map(({ name }) => [
      String(name),
      Number(db.prepare('select count(*) as n from pragma_index_info(?)').get(String(name))?.n),
    ]),
  );
}

test('every statement is bounded by an index and a limit, or there is a reason', async () => {
  using db = new DatabaseSync(':memory:');
  await createTables(db);
  const keys = keysOf(db);
  const findsOne = (step: string) => {
    const [, name = '', equal = ''] = /USING (?:COVERING )?INDEX (\S+) \((.*)\)$/.exec(step) ?? [];
    const isByKey = keys.get(name) === equal.split(' AND ').filter((one) => one.endsWith('=?')).length;
    return isByKey || /PRIMARY KEY \([^<>]*\)$/.test(step);
  };
  const isFirstRows = (text: string) =>
    /^select (max\(|.* from \S+ order by .* limit \?$)/.test(text) && !/ where /.test(text);
  const isBounded = ({ text, steps }: Plan) =>
    (isFirstRows(text) && !steps.some((step) => step.includes('TEMP B-TREE'))) ||
    (!steps.some((step) => isLong(step, steps)) &&
      (/\blimit\b/.test(text) ||
        /^insert/.test(text) ||
        steps.every((step) => findsOne(step) || !step.startsWith('SEARCH'))));
  const texts = await statementsOfContract(db);
  const plans = texts.map((text) => ({
    text,
    steps: db
      .prepare(`explain query plan ${text}`)
      .all()
      .map(({ detail }) => String(detail)),
  }));
  const unbounded = plans.filter((plan) => !isBounded(plan));
  const patterns = Object.keys(reasons).map((pattern) => new RegExp(pattern));
  const without = unbounded.filter(({ text }) => !patterns.some((pattern) => pattern.test(text)));
  assert.deepEqual(without, []);
  const unused = patterns.filter((pattern) => !unbounded.some(({ text }) => pattern.test(text)));
  assert.deepEqual(unused, []);
  const logs = plans.filter(({ text }) =>
    /^select .* from (event|audit|delivery|audit_target cross join audit) where/.test(text),
  );
  assert.ok(logs.length > 30, `${logs.length} statements of logs`);
  for (const { text, steps } of logs)
    assert.equal(steps[0]?.match(/=\?/g)?.length, text.match(/[\w."]+ = \?/g)?.length, `${text}: ${steps}`);
  const searches = plans.filter(({ text }) => text.includes('(opened_at, transaction_id) <'));
  assert.ok(searches.length >= 10, `${searches.length} statements of searches of sessions`);
  for (const { text, steps } of searches)
    assert.match(steps[0] ?? '', /\(opened_at,transaction_id\)>.*\(opened_at,transaction_id\)</, text);
  const validKeys = plans.filter(({ text }) => /^select \* from "api_key" .* union all /.test(text));
  assert.equal(validKeys.length, 1);
  for (const step of validKeys[0]?.steps.filter((one) => one.startsWith('SEARCH')) ?? [])
    assert.match(step, /\(account=\? AND expires_at[=>]\?\)/);
  assert.ok(texts.length > 150, `${texts.length} statements`);
});

test('no statement that writes one row fills a table in memory for it', async () => {
  using db = new DatabaseSync(':memory:');
  await createTables(db);
  // for `returning` SQLite always has such a table
  const texts = (await statementsOfContract(db)).filter((text) =>
    /^(insert into .* values (?!.* returning )|update .* and version = \? - 1$)/.test(text),
  );
  assert.ok(texts.length > 30, `${texts.length} statements`);
  const isFilling = (text: string) =>
    db
      .prepare(`explain ${text}`)
      .all()
      .some(({ opcode }) => opcode === 'OpenEphemeral');
  assert.deepEqual(texts.filter(isFilling), []);
});
