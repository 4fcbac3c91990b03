import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Long } from 'mongodb';
import { CoreError } from '../core-error.ts';
import { callTo, coreOf, mustBeSilent, subscription } from '../testing/core.harness.ts';
import { mongoServer } from '../testing/mongo.harness.ts';
import { open5gs } from './open5gs.ts';

const { imsi, k, opc } = subscription;
const ambr = { downlink: { value: 50, unit: 2 }, uplink: { value: 5, unit: 2 } };
const arp = { priority_level: 8, pre_emption_capability: 1, pre_emption_vulnerability: 1 };
const session = [{ name: 'iot', type: 3, qos: { index: 9, arp }, ambr, pcc_rule: [] }];
const members = {
  schema_version: 1,
  msisdn: ['15550100'],
  ...{ 'security.k': k, 'security.opc': opc, 'security.op': null, 'security.amf': '9001' },
  ambr,
  slice: [{ sst: 1, sd: '010203', default_indicator: true, session }],
  access_restriction_data: 32,
  subscriber_status: 0,
  network_access_mode: 0,
  subscribed_rau_tau_timer: 12,
};

test('the driver of MongoDB sends every member, and the sequence number of a new subscriber only', async () => {
  await using server = await mongoServer(() => ({ ok: 1, n: 1, nModified: 1 }));
  const call = callTo(coreOf('open5gs', server.url));
  await open5gs.put(call, subscription);
  await open5gs.remove(call, imsi);
  const [update, removal] = server.commands;
  assert.ok(update && removal);
  assert.deepEqual([update.update, update.$db], ['subscribers', 'open5gs']);
  const setOnInsert = { 'security.sqn': Long.fromNumber(32) };
  const [{ q, u, upsert, multi }] = update.updates as [Record<string, unknown>];
  assert.deepEqual(
    [q, u, upsert, multi],
    [{ imsi }, { $set: members, $setOnInsert: setOnInsert }, true, undefined],
  );
  assert.deepEqual([removal.delete, removal.$db], ['subscribers', 'open5gs']);
  assert.deepEqual(removal.deletes, [{ q: { imsi }, limit: 1 }]);
});

test('a database that refuses, or that is not there, is an error without keys', async () => {
  await using server = await mongoServer(() => ({
    ok: 0,
    code: 13,
    codeName: 'Unauthorized',
    errmsg: `no ${k}`,
  }));
  for (const [url, said] of [
    [server.url, /^the database did not do it \(MongoServerError, Unauthorized\)$/],
    ['mongodb://127.0.0.1:9', /^no database answers at its URL$/],
  ] as const)
    await assert.rejects(open5gs.put(callTo(coreOf('open5gs', url)), subscription), (error) => {
      assert.ok(error instanceof CoreError);
      assert.match(error.message, said);
      return mustBeSilent(error);
    });
});
