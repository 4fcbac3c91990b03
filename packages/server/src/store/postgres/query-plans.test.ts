import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { type Way, wayQueries, ways } from '../statements/inventory/ways.ts';
import { deliveryQueries } from '../statements/logs/deliveries.ts';
import { eventRoute } from '../statements/logs/events.ts';
import { readPart } from '../statements/logs/log-page.ts';
import { endStatements } from '../statements/logs/overview.ts';
import { dueDelivery, outboxQueries } from '../statements/outbox.ts';
import { profileFactQueries, profileQueries } from '../statements/profiles.ts';
import { sessionQueries } from '../statements/sessions.ts';
import type { Statement } from './connection/batch.ts';
import { builder, rowStatement, statement, statementsOf } from './connection/statements.ts';
import { installations, NO_POSTGRES, startPostgres, type TestServer } from './testing/server.harness.ts';

/** Every statement of a download, an order, a list or a delivery has an index. PostgreSQL 16 can explain statements without their values. */

const installation = installations().at(-1);
const skip = installation === undefined ? NO_POSTGRES : 'PostgreSQL 16 or later is not here';
const options = (installation?.version ?? 0) >= 16 ? {} : { skip };
let server: TestServer;
let client: pg.Client;
before(async () => {
  if (installation === undefined || 'skip' in options) return;
  server = await startPostgres(installation);
  client = new pg.Client({ connectionString: await server.copyDatabase() });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('set enable_seqscan = off');
});
after(async () => {
  await client?.end();
  await server?.[Symbol.asyncDispose]();
});

async function planOf({ text }: Statement): Promise<string> {
  const { rows } = await client.query(`explain (generic_plan, costs off) ${text}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test('records are found by an index', options, async () => {
  const groups = [profileQueries, profileFactQueries, sessionQueries, deliveryQueries];
  for (const queriesOf of groups)
    for (const one of Object.values<Statement>(statementsOf(queriesOf as never))) {
      const plan = await planOf(one);
      if (!one.text.includes('nulls last')) assert.doesNotMatch(plan, /Seq Scan/, `${one.text}\n${plan}`);
    }
  const { targets, never } = statementsOf(outboxQueries);
  for (const one of [targets, never, statement(dueDelivery(builder))]) {
    const plan = await planOf(one);
    assert.doesNotMatch(plan, /Seq Scan on delivery/, `${one.text}\n${plan}`);
  }
});

test('the next delivery is the first of its index, however many are due at once', options, async () => {
  const plan = await planOf(statement(dueDelivery(builder)));
  assert.match(plan, /using delivery_turn on delivery/, plan);
  assert.doesNotMatch(plan, /Sort/, plan);
});

test('pages of profiles follow their index, and nothing is sorted', options, async () => {
  const index = (way: Way) =>
    ({ iccid: 'iccid', state: 'state_iccid', msisdn_digits: 'msisdn' })[way as string] ?? way;
  for (const way of ways)
    for (const direction of ['asc', 'desc'] as const)
      for (const query of Object.values(wayQueries(builder, "encode(metadata, 'hex')", way, direction))) {
        const plan = await planOf(statement(query()));
        assert.match(plan, new RegExp(`using profile_account_${index(way)} on profile`), `${way}\n${plan}`);
        assert.doesNotMatch(plan, /Sort/, `${way}\n${plan}`);
      }
});

test('pages of events follow an index, and nothing is sorted', options, async () => {
  const filters = [{}, { account: 'a' }, { account: 'a', iccid: '1' }, { account: 'a', since: 1 }] as const;
  for (const filter of filters)
    for (const sort of ['newest', 'oldest'] as const) {
      const records = { recordsIn: () => [], timeOf: () => 0 };
      const route = eventRoute({ ...filter, count: 1 } as never);
      const { value } = readPart(records, route, { ...filter, sort, count: 100 }).next();
      const raw = (value as { compile(kysely: typeof builder): { sql: string } }).compile(builder);
      const plan = await planOf({ text: raw.sql, name: '', arrays: false });
      assert.doesNotMatch(plan, /Seq Scan|Sort/, `${JSON.stringify(filter)}\n${plan}`);
    }
});

test('ends of downloads are counted in their index', options, async () => {
  for (const text of endStatements)
    assert.match(await planOf(rowStatement({ text, names: [] })), /event_download_end/, text);
});
