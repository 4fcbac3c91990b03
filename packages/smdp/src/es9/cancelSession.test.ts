import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWithBytes, encode, encodeWithBytes, fromHex, oidContent } from '@esim-rsp/codec';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  CancelSessionResponse,
  cancelSessionReasons,
  EuiccCancelSessionSigned,
} from '@esim-rsp/sgp22/asn1/download';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { Refusal, type StatusCode } from '@esim-rsp/sgp22/status';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import type { Change } from '../state/change.ts';
import { bindingOf, type OrderId } from '../state/order.ts';
import type { Profile } from '../state/profile.ts';
import type { Session } from '../state/session.ts';
import { cancel } from '../state/transitions.ts';
import { cancelSession } from './cancelSession.ts';
import {
  authenticated,
  bound,
  downloaded,
  env,
  euiccKey,
  released,
  smdpOid,
  transactionId,
} from './download.testdata.ts';

type Said = { readonly reason?: number; readonly oid?: string; readonly signedId?: string };

function cancelled({ reason = 0, oid = smdpOid, signedId = transactionId }: Said = {}) {
  const signed = encodeWithBytes(EuiccCancelSessionSigned, {
    transactionId: fromHex(signedId),
    smdpOid: oidContent(oid),
    reason,
  });
  const response = encode(CancelSessionResponse, {
    cancelSessionResponseOk: {
      euiccCancelSessionSigned: signed,
      euiccCancelSessionSignature: encodeWithBytes(Signature, euiccKey.sign(signed.bytes)),
    },
  });
  return { transactionId, cancelSessionResponse: decodeWithBytes(CancelSessionResponse, response) };
}

async function saved(session: Session, profile: Profile, said: Said): Promise<readonly Change[]> {
  const decision = await cancelSession.decide(cancelled(said), { session, profile }, env);
  assert.ok('reply' in decision);
  return decision.save;
}

async function after(session: Session, profile: Profile, reason: number): Promise<Profile> {
  const [ended, changed] = await saved(session, profile, { reason });
  const stage = ended && 'session' in ended && ended.session.stage;
  assert.equal(stage, session.stage === 'bound' ? 'cancelled' : 'ended');
  return changed && 'profile' in changed ? changed.profile : profile;
}

for (const [name, pair] of [
  ['endUserRejection', '8.8.5/3.8'],
  ['pprNotAllowed', '8.2.8/1.2'],
  ['metadataMismatch', '8.2.9/3.11'],
  ['loadBppExecutionError', '8.2.10/4.2'],
  ['undefinedReason', '8/4.2'],
] as const)
  test(`${name} ends the order with ${pair}, and its one-time key is gone`, async () => {
    for (const [session, profile] of [
      [authenticated, released],
      [bound, downloaded],
    ] as const) {
      const failed = await after(session, profile, cancelSessionReasons[name]);
      assert.ok(failed.state === 'ERROR');
      assert.equal(`${failed.reason.subjectCode}/${failed.reason.reasonCode}`, pair);
      assert.ok(!('binding' in failed));
    }
  });

test('a reason that the specification does not know is undefinedReason', async () => {
  assert.equal((await after(authenticated, released, 99)).state, 'ERROR');
});

test('a session that handed out no package leaves the order alone whose package another session has handed out', async () => {
  const otherEid = completeEid('890490329999999999999999999999');
  const elsewhere = bindingOf({ ...downloaded.binding, eid: otherEid });
  for (const reason of Object.values(cancelSessionReasons)) {
    assert.equal(await after(authenticated, downloaded, reason), downloaded);
    for (const profile of [downloaded, released])
      for (const session of [authenticated, bound]) {
        const bindsOther = { ...profile, binding: elsewhere };
        assert.equal(await after(session, bindsOther, reason), bindsOther);
      }
  }
});

for (const name of ['postponed', 'timeout'] as const)
  test(`${name} leaves the order waiting, with its binding for the same eUICC`, async () => {
    assert.deepEqual(await after(authenticated, released, cancelSessionReasons[name]), released);
    const waiting = await after(bound, downloaded, cancelSessionReasons[name]);
    assert.ok(waiting.state === 'RELEASED');
    assert.deepEqual(waiting.binding, downloaded.binding);
    assert.deepEqual(waiting.order, downloaded.order);
  });

async function refusal(session: Session | undefined, said: Said, profile: Profile = released) {
  const error = await Promise.resolve()
    .then(() => cancelSession.decide(cancelled(said), { session, profile }, env))
    .then(
      () => assert.fail('it should have been refused'),
      (reason: unknown) => reason,
    );
  assert.ok(error instanceof Refusal);
  return `${error.status.subjectCode}/${error.status.reasonCode}`;
}

test('another transaction, outside or inside what is signed, is 8.10.1/3.9', async () => {
  assert.equal(await refusal(undefined, {}), '8.10.1/3.9');
  assert.equal(await refusal({ ...authenticated, expiresAt: env.now }, {}), '8.10.1/3.9');
  assert.equal(await refusal(authenticated, { signedId: '00' }), '8.10.1/3.9');
  assert.equal(await refusal({ ...bound, stage: 'ended' }, {}), '8.10.1/3.9');
});

test('a session whose order was cancelled is over, also when the profile has a new order', async () => {
  const under = (id: string) => ({ ...released, order: { ...released.order, id: id as OrderId } });
  const session = { ...authenticated, orderId: 'first' as OrderId };
  assert.equal((await after(session, under('first'), 0)).state, 'ERROR');
  assert.equal(await refusal(session, {}, under('second')), '8.10.1/3.9');
  assert.equal(await refusal(session, {}, cancel(under('first'), 'AVAILABLE', 8)), '8.10.1/3.9');
});

test('a signature of somebody else is 8.1/6.1, the OID of another SM-DP+ 8.8/3.10', async () => {
  const stranger = { ...authenticated, euiccPublicKey: generateSigningKey('P-256').verifyingKey.spki };
  assert.equal(await refusal(stranger, {}), '8.1/6.1');
  assert.equal(await refusal(authenticated, { oid: '1.2.3.4.5' }), '8.8/3.10');
});

/** What an unsigned error does to a session: what is saved, and how far the checks got. */
async function afterError(session: Session, profile: Profile) {
  const response = encode(CancelSessionResponse, { cancelSessionResponseError: 5 });
  const request = { transactionId, cancelSessionResponse: decodeWithBytes(CancelSessionResponse, response) };
  const decision = await cancelSession.decide(request, { session, profile }, env);
  assert.ok('reply' in decision);
  return decision;
}

test('an unsigned error does not end a session whose package was handed out, and leaves the order alone', async () => {
  assert.deepEqual((await afterError(bound, downloaded)).save, [{ session: bound }]);
});

test('an unsigned error ends any other session and leaves the order alone, and no check of a signature counts as made', async () => {
  const { save, lastCheck } = await afterError(authenticated, released);
  assert.deepEqual(save, [{ session: { ...authenticated, stage: 'ended' } }]);
  assert.equal(lastCheck, 'orderKept');
});

test('a session that is cancelled after its package was handed out still waits for the signed result', async () => {
  const stageAfter = async (session: Session, profile: Profile) => {
    const [change] = await saved(session, profile, {});
    return change && 'session' in change && change.session.stage;
  };
  assert.equal(await stageAfter(bound, downloaded), 'cancelled');
  assert.equal(await stageAfter(authenticated, released), 'ended');
  assert.equal(await refusal({ ...bound, stage: 'cancelled' }, {}), '8.10.1/3.9', 'it is cancelled once');
});

/** The session after getBoundProfilePackage was refused with these codes, one after another. */
function refusedWith(...codes: readonly (readonly [StatusCode['subjectCode'], StatusCode['reasonCode']])[]) {
  const journal = codes.map(([subjectCode, reasonCode]) => ({
    function: 'getBoundProfilePackage',
    at: 0,
    refused: { subjectCode, reasonCode, message: '' },
  }));
  return { ...authenticated, journal };
}

for (const [codes, what] of [
  [['8.2.7', '2.2'], 'missing'],
  [['8.2.7', '3.8'], 'wrong'],
] as const)
  test(`endUserRejection after a ${what} confirmation code ends the session only, and the order keeps its attempts`, async () => {
    const save = await saved(refusedWith(codes), released, { reason: 0 });
    assert.deepEqual(save, [{ session: { ...refusedWith(codes), stage: 'ended' } }]);
    const again = await saved(refusedWith(codes), downloaded, { reason: 0 });
    assert.equal(again.length, 1, 'also if the same eUICC had the package before');
  });

test('endUserRejection after another refusal, another reason after a wrong code, and a package after a wrong code fail the order', async () => {
  const failed = async (session: Session, reason: number, profile: Profile = released) =>
    (await saved(session, profile, { reason })).some(
      (change) => 'profile' in change && change.profile.state === 'ERROR',
    );
  assert.ok(await failed(refusedWith(['8.1', '6.1']), 0));
  assert.ok(await failed(refusedWith(['8.2.7', '3.8'], ['8.2', '3.7']), 0));
  assert.ok(await failed(refusedWith(['8.2.7', '3.8']), cancelSessionReasons.pprNotAllowed));
  assert.ok(await failed({ ...refusedWith(['8.2.7', '3.8']), stage: 'bound' }, 0, downloaded));
});
