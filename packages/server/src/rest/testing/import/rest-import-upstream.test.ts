import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  orderedAtUpstream,
  stockedAtUpstream,
  upstreamRequest,
} from '../../openapi/openapi-tries-upstreams.harness.ts';
import { LIST, ordered, problemIn, type RestTest, restTest, stocked, subscription } from '../rest.harness.ts';

const UPSTREAMS = '/api/v1/esim/upstreams';

async function withUpstream(): Promise<RestTest> {
  const api = await restTest();
  assert.equal((await api.post(UPSTREAMS, upstreamRequest)).statusCode, 201);
  return api;
}

/** Imports a list of the upstream; what became of its rows, and the reasons of those that failed. */
async function imported(api: RestTest, payload: string, query = '', type = 'text/csv') {
  const answer = await api.call(`${LIST}/import?upstream=vendor${query}`, {
    method: 'POST',
    payload,
    headers: { 'content-type': type },
  });
  assert.equal(answer.statusCode, 200, answer.body);
  const reports = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { created, exists, failed } = reports.at(-1);
  const failures = reports.flatMap(({ type, message }) => (type === 'error' ? [message] : []));
  return { counts: [created, exists, failed], failures };
}

test('a list of an upstream needs ICCIDs only, and its profiles say where they are', async () => {
  await using api = await withUpstream();
  const [first, second, third] = [subscription(), subscription(), subscription()];
  const list = `ICCID,IMSI,MSISDN,SPN\n${first.iccid},,,\n${second.iccid},${second.imsi},+4915100,Example\n`;
  assert.deepEqual((await imported(api, list, '&profile_type=travel')).counts, [2, 0, 0]);
  assert.deepEqual((await imported(api, list, '&profile_type=travel')).counts, [0, 2, 0]);
  const one = (await api.call(`${LIST}/${first.iccid}`)).json();
  assert.deepEqual(
    [one.upstream, one.imsi, one.state, one.profile_type],
    ['vendor', '', 'AVAILABLE', 'travel'],
  );
  const two = (await api.call(`${LIST}/${second.iccid}`)).json();
  assert.deepEqual([two.imsi, two.msisdn, two.service_provider_name], [second.imsi, '+4915100', 'Example']);
  const body = JSON.stringify({ parameters: { iccid: third.iccid }, profile_type: 'travel' });
  assert.deepEqual((await imported(api, `${body}\n`, '', 'application/x-ndjson')).counts, [1, 0, 0]);

  const { profile_types: types } = (await api.call('/api/v1/esim/profile-types')).json();
  const travel = types.find(({ profile_type }: { profile_type: string }) => profile_type === 'travel');
  assert.equal(travel.states.AVAILABLE ?? travel.available, 3);
  const { euicc_profiles: profiles } = (await api.call(`${LIST}?profile_type=travel`)).json();
  assert.deepEqual(
    new Set(profiles.map(({ upstream }: { upstream: string }) => upstream)),
    new Set(['vendor']),
  );
});

test('a dry run says what would be created, and profiles without IMSI do not collide', async () => {
  await using api = await withUpstream();
  const iccids = Array.from({ length: 300 }, () => subscription().iccid);
  const list = `iccid\n${iccids.join('\n')}\n${iccids[0]}\n`;
  assert.deepEqual((await imported(api, list, '&dry_run=true')).counts, [300, 1, 0]);
  assert.equal((await api.call(`${LIST}/${iccids[0]}`)).statusCode, 404);
  assert.deepEqual((await imported(api, list)).counts, [300, 1, 0]);
});

/** A first row and a second one with its ICCID: [IMSI, phone number, provider, type], and how the second one fails in a dry run. */
const repeats: readonly (readonly [
  what: string,
  first: readonly string[],
  second: readonly string[],
  fault?: RegExp,
])[] = [
  ['the same row', ['IMSI', '+49151', 'Example', 'travel'], ['IMSI', '+49151', 'Example', 'travel']],
  ['a row without IMSI', ['IMSI', '+49151', 'Example', 'travel'], ['', '+49151', 'Example', 'travel']],
  ['a row with the ICCID only', ['IMSI', '+49151', 'Example', 'travel'], ['', '', '', '']],
  ['a row without type', ['IMSI', '', '', 'travel'], ['IMSI', '', '', '']],
  ['another IMSI', ['IMSI', '', '', 'travel'], ['OTHER', '', '', 'travel'], /with other values$/],
  ['another phone number', ['', '+49151', '', ''], ['', '+49152', '', ''], /with other values$/],
  ['another provider', ['', '', 'Example', ''], ['', '', 'Other', ''], /with other values$/],
  ['another type', ['IMSI', '', '', 'travel'], ['', '', '', 'home'], /with other values$/],
  ['an IMSI that was not known', ['', '', '', ''], ['IMSI', '', '', ''], /without some values of this row$/],
  ['a type that was not known', ['', '', '', ''], ['', '', '', 'home'], /without some values of this row$/],
];

for (const [what, first, second, fault] of repeats)
  test(`a repeated ICCID of an upstream in a dry run and an import: ${what}`, async () => {
    await using api = await withUpstream();
    const [one, other] = [subscription(), subscription()];
    const rowOf = (values: readonly string[]) =>
      [one.iccid, ...values].join().replace('IMSI', one.imsi).replace('OTHER', other.imsi);
    const between = Array.from({ length: 300 }, () => `${subscription().iccid},,,,`); // in another batch
    const head = 'iccid,imsi,msisdn,spn,profile_type';
    for (const rows of [
      [rowOf(first), rowOf(second)],
      [rowOf(first), ...between, rowOf(second)],
    ]) {
      const list = `${[head, ...rows].join('\n')}\n`;
      const tried = await imported(api, list, '&dry_run=true');
      const created = rows.length - 1;
      assert.deepEqual(tried.counts, fault === undefined ? [created, 1, 0] : [created, 0, 1]);
      if (fault !== undefined) assert.match(tried.failures[0], fault);
      const real = await imported(api, list);
      assert.deepEqual(real.counts, tried.counts);
      assert.deepEqual(real.failures.length, tried.failures.length);
      assert.equal((await api.call(`${LIST}/${one.iccid}`, { method: 'DELETE' })).statusCode, 204);
    }
  });

test('a repeated row in a dry run of parameters may have fewer values', async () => {
  await using api = await restTest();
  const { iccid, imsi, ki, opc } = subscription();
  const full = { parameters: { iccid, imsi, ki, opc, pin1: '1234' }, profile_type: 'basic' };
  const less = { parameters: { iccid, imsi, ki, opc } };
  const more = { parameters: { ...full.parameters, pin1: '4321' } };
  const payload = [full, less, more].map((row) => JSON.stringify(row)).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  for (const query of ['?dry_run=true', '']) {
    const { body } = await api.call(`${LIST}/import${query}`, { method: 'POST', payload, headers });
    assert.match(body, /"created":1,"exists":1,"failed":1/);
  }
});

test('what is no list of an upstream is refused with what to do', async () => {
  await using api = await withUpstream();
  const { iccid, imsi } = subscription();
  const refused = async (payload: string, query = '?upstream=vendor', status = 400) => {
    const headers = { 'content-type': 'text/csv' };
    return problemIn(await api.call(`${LIST}/import${query}`, { method: 'POST', payload, headers }), status);
  };
  assert.match((await refused('iccid,pin1,ki\n')).message, /have no pin1, ki here: say so in ignore_columns/);
  assert.match((await refused('imsi\n1\n')).message, /no column called iccid/);
  assert.equal((await refused('iccid\n', '?upstream=missing', 404)).code, 'upstream_not_found');
  const ignored = await imported(api, `iccid,pin1\n${iccid},1234\n`, '&ignore_columns=pin1');
  assert.deepEqual(ignored.counts, [1, 0, 0]);

  const own = await stocked(api);
  const holder = (await api.call(`${LIST}/${own}`)).json();
  const rows = `iccid,imsi\n${own},\n${subscription().iccid},${holder.imsi}\n${iccid},${imsi}\nx,\n`;
  const { counts, failures } = await imported(api, rows);
  assert.deepEqual(counts, [0, 0, 4]);
  assert.match(failures[0], /at another SM-DP\+$/);
  assert.match(failures[1], /another profile has this IMSI/);
  assert.match(failures[2], /without the IMSI or phone number of this row/);
  const packages = await imported(api, '{"profile_package":"oAA="}\n', '', 'application/x-ndjson');
  assert.match(packages.failures[0], /no package here/);
});

test('a profile of an upstream shows what is known here, in every answer and export', async () => {
  await using api = await withUpstream();
  const { iccid } = await orderedAtUpstream(api, 'RELEASED', { confirmationCode: '1234' });
  const named = subscription();
  const list = `iccid,spn,profile_name\n${named.iccid},Example,Travel\n`;
  assert.deepEqual((await imported(api, list)).counts, [1, 0, 0]);
  const own = (await ordered(api, { confirmation_code: '1234' })).iccid;

  const unknown = ['cc_retries', 'download_attempts_left', 'notification_events', 'protection'];
  const unknownLabels = ['profile_name', 'service_provider_name'];
  const exported = `${LIST}/export?columns=iccid,${[...unknown, ...unknownLabels].filter((name) => name !== 'notification_events')}`;
  const views = new Map<string, Record<string, unknown>[]>();
  const see = (view: Record<string, unknown>) =>
    views.set(String(view.iccid), [...(views.get(String(view.iccid)) ?? []), view]);
  for (const one of [iccid, named.iccid, own]) see((await api.call(`${LIST}/${one}`)).json());
  for (const one of (await api.call(LIST)).json().euicc_profiles) see(one);
  for (const one of (await api.call(`/api/v1/esim/search?q=${iccid}`)).json().results) see(one.profile);
  for (const line of (await api.call(exported)).body.trimEnd().split('\n')) see(JSON.parse(line));

  assert.deepEqual(
    [iccid, named.iccid, own].map((one) => views.get(one)?.length),
    [4, 3, 3],
  );
  const has = (one: string, name: string) => views.get(one)?.map((view) => name in view);
  for (const name of unknown) {
    assert.deepEqual(has(iccid, name), [false, false, false, false], name);
    assert.deepEqual(has(named.iccid, name), [false, false, false], name);
    assert.deepEqual(has(own, name), [true, true, name !== 'notification_events'], name);
  }
  for (const name of unknownLabels) {
    assert.deepEqual(has(iccid, name), [false, false, false, false], name);
    assert.deepEqual(has(named.iccid, name), [true, true, true], name);
  }
  assert.equal((await api.call(`${LIST}/${iccid}`)).json().cc_required, true);

  const csv = await api.call(`${exported}&format=plain_csv`);
  const rows = csv.body.trimEnd().split('\r\n');
  assert.ok(rows.includes(`${iccid},,,,,`), csv.body);
  assert.ok(rows.includes(`${named.iccid},,,,Travel,Example`), csv.body);
  assert.ok(rows.includes(`${own},5,10,session_keys,,`), csv.body);
});

test('a list of an upstream cannot say which events a device reports', async () => {
  await using api = await withUpstream();
  const body = { parameters: { iccid: subscription().iccid }, notification_events: ['install'] };
  const { counts, failures } = await imported(api, JSON.stringify(body), '', 'application/x-ndjson');
  assert.deepEqual(counts, [0, 0, 1]);
  assert.match(failures[0], /notification_events/);
});

test('a profile of an upstream is ordered there, and its secrets are not here', async () => {
  await using api = await withUpstream();
  const ordered = await stockedAtUpstream(api);
  const headers = { prefer: 'wait=0' };
  const accepted = await api.call(`${LIST}/${ordered}/order`, { method: 'POST', payload: {}, headers });
  assert.equal(accepted.statusCode, 202, accepted.body);
  const { state, pending_operation: pending } = accepted.json();
  assert.deepEqual([state, pending.operation], ['AVAILABLE', 'order']);
  assert.match(String(accepted.headers.location), new RegExp(`/operations/${pending.id}$`));

  const iccid = await stockedAtUpstream(api);
  const secrets = problemIn(await api.post(`${LIST}/${iccid}/secrets`, { kinds: ['pin'] }), 409);
  assert.equal(secrets.code, 'profile_at_upstream');
  for (const step of ['retire', 'reset'])
    assert.equal((await api.post(`${LIST}/${iccid}/${step}`, undefined)).statusCode, 200, step);
  assert.equal((await api.call(`${LIST}/${iccid}`, { method: 'DELETE' })).statusCode, 204);
});
