import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreError } from '../core-error.ts';
import {
  callTo,
  coreOf,
  coreServer,
  mustBeSilent,
  type Received,
  subscription,
} from '../testing/core.harness.ts';
import { pyhss } from './pyhss.ts';

const { imsi, iccid, k, opc } = subscription;
const auc = { iccid, imsi, ki: k, opc, amf: '9001', esim: true };
const apn = { apn: 'iot', ip_version: 0, apn_ambr_dl: 50_000_000, apn_ambr_ul: 5_000_000 };
const subscriber = {
  ...{ imsi, enabled: true, auc_id: 1, default_apn: 7, apn_list: '7', msisdn: '15550100' },
  ...{ ue_ambr_dl: 50_000_000, ue_ambr_ul: 5_000_000 },
};

/** A PyHSS that takes the documented members only, and keeps what it got. */
async function strictPyHss() {
  const records = {
    auc: new Map<string, object>(),
    apn: new Map<string, object>(),
    subscriber: new Map<string, object>(),
  };
  const ids = { auc: 1, apn: 7, subscriber: 3 };
  const answer = ({ call, body, headers }: Received) => {
    assert.equal(headers['provisioning-key'], 'a token');
    const [method = '', path = ''] = call.split(' ');
    const [, record = '', rest = '', name = ''] = path.split('/');
    assert.ok(record in records, path);
    const table = record as keyof typeof records;
    const stored = records[table];
    const idName = `${table}_id`;
    if (method === 'GET' && rest === 'list') return { status: 200, json: [...stored.values()] };
    if (method === 'GET') {
      const found = stored.get(name);
      return found ? { status: 200, json: found } : { status: 404, json: { result: 'Failed' } };
    }
    const wanted = { auc, apn, subscriber }[table];
    if (method === 'PUT') {
      assert.equal(rest, '');
      assert.deepEqual(body, table === 'auc' ? { ...auc, sqn: 32 } : wanted);
      const created = { ...(body as object), [idName]: ids[table] };
      stored.set(table === 'apn' ? 'iot' : imsi, created);
      return { status: 200, json: created };
    }
    assert.equal(rest, String(ids[table]));
    if (method === 'PATCH') {
      assert.deepEqual(body, wanted, 'the sequence number stays');
      return { status: 200, json: {} };
    }
    assert.equal(`${method} ${body}`, 'DELETE undefined');
    stored.delete(imsi);
    return { status: 200, json: { Result: 'OK' } };
  };
  return coreServer(answer);
}

test('PyHSS gets keys, APN and subscriber once, and later only what may have changed', async () => {
  await using server = await strictPyHss();
  const call = callTo(coreOf('pyhss', server.url, { credentials: { token: 'a token' } }));
  await pyhss.put(call, subscription);
  const reads = [`GET /auc/imsi/${imsi}`, 'GET /apn/list', `GET /subscriber/imsi/${imsi}`];
  const [readAuc = '', readApns = '', readSubscriber = ''] = reads;
  assert.deepEqual(server.calls(), [
    readAuc,
    'PUT /auc/',
    readApns,
    'PUT /apn/',
    readSubscriber,
    'PUT /subscriber/',
  ]);
  await pyhss.put(call, subscription);
  assert.deepEqual(server.calls(), [
    readAuc,
    'PATCH /auc/1',
    readApns,
    readSubscriber,
    'PATCH /subscriber/3',
  ]);
  await pyhss.remove(call, imsi);
  assert.deepEqual(server.calls(), [readSubscriber, 'DELETE /subscriber/3', readAuc, 'DELETE /auc/1']);
  await pyhss.remove(call, imsi);
  assert.deepEqual(server.calls(), [readSubscriber, readAuc]);
});

test('a PyHSS that fails, or answers something else, is an error without keys', async () => {
  const answers = [
    { status: 500, json: { ki: k } },
    { status: 200, json: { auc_id: 'one', imsi } },
    { status: 401, json: {} },
    { status: 302 },
  ];
  for (const answer of answers) {
    await using server = await coreServer(() => answer);
    const call = callTo(coreOf('pyhss', server.url));
    await assert.rejects(
      pyhss.put(call, subscription),
      (error) => error instanceof CoreError && mustBeSilent(error),
    );
  }
});
