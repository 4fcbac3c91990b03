import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import fc from 'fast-check';
import { readProgress } from './progress-message.ts';

const plain = {
  header: { functionRequesterIdentifier: 'vendor', functionCallIdentifier: '1' },
  iccid: '8988201000000000011',
  profileType: 'TRAVEL',
  timestamp: '2026-03-01T10:00:00Z',
  notificationPointId: 4,
  notificationPointStatus: { status: 'Executed-Success' },
};
const AT = Date.UTC(2026, 2, 1, 10) / 1000;
const read = (members: object = {}) => readProgress({ ...plain, ...members });

test('a message of the specification is read', () => {
  const eid = '89049032123451234512345678901235';
  assert.deepEqual(read({ eid, resultData: 'AQI=' }), {
    iccid: plain.iccid,
    eid,
    point: 4,
    at: AT,
    resultData: new Uint8Array([1, 2]),
  });
});

test('members of null are absent, also where they should be objects', () => {
  const members = { eid: null, resultData: null, tac: null, imei: null, profileType: null };
  const status = { status: 'Executed-Success', statusCodeData: null };
  assert.deepEqual(read({ ...members, notificationPointStatus: status }), {
    iccid: plain.iccid,
    point: 4,
    at: AT,
  });
});

test('an ICCID may have F or f behind it, a point may be a text, and bytes may be hexadecimal digits', () => {
  for (const iccid of [`${plain.iccid}F`, `${plain.iccid}f`])
    assert.equal(read({ iccid }).iccid, plain.iccid);
  assert.equal(read({ notificationPointId: '101' }).point, 101);
  assert.deepEqual(read({ resultData: 'bf37ab' }).resultData, new Uint8Array([0xbf, 0x37, 0xab]));
});

test('base64 may have white space in it; a result that is something else, or very long, is left out', () => {
  const resultOf = (resultData: string) => read({ resultData }).resultData;
  assert.deepEqual(resultOf(' AQ\r\nI= \n'), new Uint8Array([1, 2]));
  for (const text of ['', ' ', '=', 'AQ=I', 'AQI===', 'AQI!', 'A'.repeat(20_000)])
    assert.equal(resultOf(text), undefined, text.slice(0, 9));
});

test('times come with and without a fraction, and with any offset', () => {
  for (const timestamp of [
    '2026-03-01T10:00:00.123Z',
    '2026-03-01T10:00:00.123456789Z',
    '2026-03-01T12:00:00+02:00',
    '2026-03-01T12:00:00.5+0200',
    '2026-03-01t10:00:00z',
    '2026-03-01 10:00:00',
  ])
    assert.equal(read({ timestamp }).at, AT, timestamp);
});

test('statuses come in any letter case; without codes the status is the reason', () => {
  const faultOf = (notificationPointStatus: object) => read({ notificationPointStatus }).fault;
  for (const status of ['executed-success', 'EXECUTED-WITHWARNING'])
    assert.equal(faultOf({ status }), undefined);
  assert.deepEqual(faultOf({ status: 'failed' }), { message: 'failed' });
  assert.deepEqual(faultOf({ status: 'Expired', statusCodeData: { subjectCode: 8, message: '' } }), {
    message: 'expired',
  });
  const statusCodeData = { subjectCode: '8.1', reasonCode: '4.8', message: 'no\nmemory' };
  assert.deepEqual(faultOf({ status: 'FAILED', statusCodeData }), {
    subjectCode: '8.1',
    reasonCode: '4.8',
    message: 'no?memory',
  });
});

test('the EID may stand alone, and one of both is needed', () => {
  const eid = '89049032123451234512345678901235';
  for (const iccid of [undefined, null, '']) {
    assert.deepEqual([read({ iccid, eid }).iccid, read({ iccid, eid }).eid], [undefined, eid]);
    assert.throws(() => read({ iccid, eid: null }), ValueError);
  }
});

test('what cannot be read is refused, and says which member', () => {
  for (const [members, field] of [
    [{ iccid: '12' }, undefined],
    [{ iccid: 7 }, 'iccid'],
    [{ eid: 'FF' }, undefined],
    [{ notificationPointId: 1.5 }, 'notificationPointId'],
    [{ notificationPointId: 'x' }, 'notificationPointId'],
    [{ timestamp: 'yesterday' }, 'timestamp'],
    [{ timestamp: '2026-13-01T10:00:00Z' }, 'timestamp'],
    [{ notificationPointStatus: null }, 'notificationPointStatus'],
  ] as const)
    assert.throws(
      () => read(members),
      (error) => error instanceof ValueError && error.field === field,
      JSON.stringify(members),
    );
});

test('whatever comes is read or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(plain)), (value, name) => {
      try {
        readProgress({ ...plain, [name]: value });
      } catch (error) {
        assert.ok(error instanceof ValueError);
      }
    }),
  );
});
