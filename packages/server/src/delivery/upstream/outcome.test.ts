import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { outcomeOf } from './outcome.ts';

type Parts = { readonly status?: number; readonly retryAfter?: number; readonly isWhole?: boolean };

function ofBody(body: unknown, { status = 200, isWhole = true, ...more }: Parts = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return outcomeOf({ response: { status, isWhole, body: Buffer.from(text), ...more } });
}

const headed = (functionExecutionStatus: unknown, members: object = {}) => ({
  header: { functionExecutionStatus },
  ...members,
});
const success = (members: object = {}, status = 'Executed-Success') => headed({ status }, members);
const failed = (statusCodeData: unknown, status = 'Failed') => headed({ status, statusCodeData });

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

test('what was done has the members of the answer, in any letter case, and null is absent', () => {
  const answer = {
    iccid: '8988201000000000011F',
    matchingId: 'aZ-9/=+.',
    smdpAddress: 'rsp.example.com:8443',
  };
  for (const status of ['Executed-Success', 'executed-success', 'EXECUTED-SUCCESS'])
    assert.deepEqual(ofBody(success({ ...answer, eid: null, more: { x: 1 } }, status)), {
      kind: 'executed',
      answer,
    });
  assert.deepEqual(ofBody(success({ iccid: '8988201000000000011f' })), {
    kind: 'executed',
    answer: { iccid: '8988201000000000011f' },
  });
});

test('done with a warning is done, and keeps the warning', () => {
  const data = { subjectCode: '8.2.6', reasonCode: '4.2', message: 'slow' };
  assert.deepEqual(ofBody(failed(data, 'Executed-WithWarning')), {
    kind: 'executed',
    answer: {},
    warning: data,
  });
  assert.deepEqual(ofBody(headed({ status: 'executed-withwarning' })), {
    kind: 'executed',
    answer: {},
    warning: { message: 'done with a warning' },
  });
});

test('a refusal has the codes and the text of the upstream, whatever the status of HTTP', () => {
  const data = { subjectCode: '8.2.1', reasonCode: '3.9', message: 'unknown', subjectIdentifier: 'ICCID' };
  const fault = { subjectCode: '8.2.1', reasonCode: '3.9', message: 'unknown: ICCID' };
  for (const status of [200, 400, 403, 500])
    assert.deepEqual(ofBody(failed(data), { status }), { kind: 'refused', fault });
  assert.deepEqual(ofBody(failed(data, 'failed')), { kind: 'refused', fault });
  assert.deepEqual(ofBody(failed(undefined)), { kind: 'refused', fault: { message: 'refused' } });
});

test('codes that are none, and texts that are long or harmful, are not kept as they are', () => {
  const outcome = ofBody(
    failed({ subjectCode: 'x'.repeat(99), reasonCode: 7, message: `\u202e${'y'.repeat(999)}` }),
  );
  assert.deepEqual(outcome, { kind: 'refused', fault: { message: `?${'y'.repeat(299)}` } });
});

test('a call that has expired at the upstream may have been done', () =>
  assert.equal(ofBody(failed({ subjectCode: '1.2', reasonCode: '4.10' }, 'Expired')).kind, 'unknown'));

const notAnswers: Readonly<Record<string, unknown>> = {
  garbage: '<html>',
  'nothing at all': '',
  'half an answer': '{"header":{"functionExecutionStatus":{"status":"Executed-Suc',
  null: 'null',
  'a list': [success()],
  'no header': {},
  'a header that is a text': { header: 'x' },
  'a status that is a number': headed({ status: 1 }),
  'a status of another kind': success({}, 'Executing'),
  'an ICCID that is a number': success({ iccid: 89_882 }),
  'an ICCID that is none': success({ iccid: '12' }),
  'an EID that is none': success({ eid: 'FF' }),
  'a MatchingID with a $': success({ matchingId: 'A$B' }),
  'a MatchingID with control characters': success({ matchingId: 'A\nB' }),
  'a MatchingID of 256 characters': success({ matchingId: 'A'.repeat(256) }),
  'an address with a path': success({ smdpAddress: 'rsp.example.com/x' }),
};

for (const [what, body] of Object.entries(notAnswers))
  test(`after ${what} nobody knows what was done`, () =>
    assert.equal(ofBody(body as string).kind, 'unknown'));

test('after an answer that is too long nobody knows what was done', () =>
  assert.equal(ofBody(success(), { isWhole: false }).kind, 'unknown'));

test('errors of servers and proxies may come after the work', () => {
  for (const status of [500, 502, 503, 504, 408, 409, 100, 0])
    assert.equal(ofBody('', { status }).kind, 'unknown', String(status));
});

test('what is refused before the work is tried again, when the upstream says', () => {
  for (const status of [301, 307, 400, 401, 403, 404, 405, 413])
    assert.equal(ofBody('', { status }).kind, 'notSent', String(status));
  const later = ofBody('', { status: 429, retryAfter: 7 });
  assert.equal(later.kind === 'notSent' && later.retryAfter, 7);
});

test('without a connection nothing was sent; after that a call may have been done', () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'CERT_HAS_EXPIRED'])
    assert.equal(outcomeOf({ error: coded(code), wasSent: false }).kind, 'notSent', code);
  for (const code of ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'HPE_INVALID_CONSTANT'])
    assert.equal(outcomeOf({ error: coded(code), wasSent: true }).kind, 'unknown', code);
  const timeout = Object.assign(new Error('late'), { name: 'TimeoutError' });
  assert.deepEqual(outcomeOf({ error: timeout, wasSent: true }), {
    kind: 'unknown',
    fault: { message: 'no response in time' },
  });
});

test('a server that refuses the client certificate after the handshake has read nothing', () => {
  const alert = coded(
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'tlsv13 alert certificate required:SSL alert number 116',
  );
  const outcome = outcomeOf({ error: alert, wasSent: true });
  assert.equal(outcome.kind, 'notSent');
  assert.match(outcome.kind === 'notSent' ? outcome.fault.message : '', /asks for a client certificate/);
});

test('a server that fails with another alert may have done the call', () => {
  for (const name of [
    'TLSV1_ALERT_INTERNAL_ERROR',
    'SSLV3_ALERT_BAD_RECORD_MAC',
    'TLSV1_ALERT_DECODE_ERROR',
  ]) {
    const alert = coded(`ERR_SSL_${name}`, name.toLowerCase().replaceAll('_', ' '));
    assert.equal(outcomeOf({ error: alert, wasSent: true }).kind, 'unknown', name);
    assert.equal(outcomeOf({ error: alert, wasSent: false }).kind, 'notSent', name);
  }
});

test('whatever comes, a call is done only with a status that says so', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), fc.json(), (status, body) => {
      assert.ok(['unknown', 'notSent'].includes(ofBody(body, { status }).kind));
    }),
  );
});
