import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { luhnDigit } from '@esim-rsp/sgp22/value/iccid';
import { parseNumberRange } from '@esim-rsp/smdp/state/number-range';
import { LIST, problemIn, restTest, START, subscription } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const RESERVED = '8988399';
const reservation = { account: 'bert', createdAt: START, ...parseNumberRange(RESERVED) };
assert.equal(await api.store.addNumberReservation(reservation), 'added');

let counter = 0;
const inRange = () => {
  const digits = RESERVED + String(++counter).padStart(11, '0');
  return { ...subscription(), iccid: digits + luhnDigit(digits) };
};
const create = (parameters: object, by: 'anna' | 'bert') => api.post(LIST, { parameters }, { by });

/** An answer without the ICCID and the ids of the request. */
const words = ({ body }: { readonly body: string }, iccid: string) =>
  body.replace(/"request_id":"[^"]*"/, '').replaceAll(iccid, 'ICCID');

test('a reserved ICCID answers others in the same words, whether it is taken or not', async () => {
  const [taken, free] = [inRange(), inRange()];
  assert.equal((await create(taken, 'bert')).statusCode, 201);
  const [first, second] = [await create(taken, 'anna'), await create(free, 'anna')];
  problemIn(second, 409, 'profile_not_available');
  assert.equal(words(first, taken.iccid), words(second, free.iccid));
  assert.ok(!first.body.includes('bert'));
  assert.equal((await create(free, 'bert')).statusCode, 201);
});

test('imports, generated numbers and templates are held to the reservation too', async () => {
  const { iccid, imsi } = inRange();
  const starts = { iccid_start: iccid.slice(0, 18), imsi_start: imsi };
  const generate = (by: 'anna' | 'bert') => api.post(`${LIST}/generate`, { count: 2, ...starts }, { by });
  problemIn(await generate('anna'), 409, 'profile_not_available');
  const template = { profile_type: 'reserved', size: 5, ...starts };
  const refused = await api.post('/api/v1/esim/profile-templates', template);
  assert.ok(!problemIn(refused, 409, 'profile_not_available').message.includes('bert'));
  const row = JSON.stringify({ parameters: inRange() });
  const headers = { 'content-type': 'application/x-ndjson' };
  const report = await api.post(`${LIST}/import`, `${row}\n`, { headers });
  assert.match(report.body, /"code":"profile_not_available","message":"this ICCID is not available"/);
  assert.equal((await generate('bert')).statusCode, 201);
});

test('a template that was there before a reservation skips the reserved numbers', async () => {
  const digits = '89883980000000000';
  const template = {
    profile_type: 'late',
    size: 20,
    iccid_start: `${digits}5`,
    imsi_start: '001010000000777',
  };
  assert.equal((await api.post('/api/v1/esim/profile-templates', template)).statusCode, 201);
  const late = { account: 'bert', createdAt: START, ...parseNumberRange(digits) };
  assert.equal(await api.store.addNumberReservation(late), 'added');
  const { iccid } = (await api.post(`${LIST}/order`, { profile_type: 'late' })).json();
  assert.equal(iccid.slice(0, 18), '898839800000000010');
});

test('an account that has a profile in a range of another keeps it', async () => {
  const own = subscription();
  assert.equal((await create(own, 'anna')).statusCode, 201);
  const range = parseNumberRange(own.iccid);
  assert.equal(
    await api.store.addNumberReservation({ account: 'bert', createdAt: START, ...range }),
    'added',
  );
  assert.equal((await api.post(`${LIST}/${own.iccid}/order`, {})).statusCode, 200);
  const again = await api.post(`${LIST}/import`, `${JSON.stringify({ parameters: own })}\n`, {
    headers: { 'content-type': 'application/x-ndjson' },
  });
  assert.match(again.body, /"exists":1/);
});

test('a reservation that is made while a profile is created is kept: the call answers as for a taken number', async () => {
  await using own = await restTest();
  const { store } = own;
  const { save } = store;
  const rows = { ...subscription(), iccid: '8988397000000000000' };
  for (const [path, body] of [
    ['', { parameters: rows }],
    ['/generate', { count: 2, iccid_start: '898839700000000001', imsi_start: rows.imsi }],
  ] as const) {
    const range = path === '' ? '8988397000000000000' : '898839700000000002';
    const reservation = { account: 'bert', createdAt: START, ...parseNumberRange(range) };
    store.save = async (changes) => {
      store.save = save;
      assert.equal(await store.addNumberReservation(reservation), 'added');
      return store.save(changes);
    };
    problemIn(await own.post(LIST + path, body), 409, 'profile_not_available');
    assert.equal(store.save, save, 'the reservation was made before the save');
  }
  assert.equal((await own.call(LIST)).json().total, 0);
});
