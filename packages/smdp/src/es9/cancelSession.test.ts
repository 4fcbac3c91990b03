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
import { Refusal } from '@esim-rsp/sgp22/status';
import type { Change } from '../state/change.ts';
import type { OrderId } from '../state/order.ts';
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
  assert.equal(ended && 'session' in ended && ended.session.stage, 'ended');
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

test('an eUICC that could not cancel ends the session and leaves the order alone', async () => {
  const response = decodeWithBytes(
    CancelSessionResponse,
    encode(CancelSessionResponse, { cancelSessionResponseError: 5 }),
  );
  const decision = await cancelSession.decide(
    { transactionId, cancelSessionResponse: response },
    { session: bound, profile: downloaded },
    env,
  );
  assert.deepEqual(decision.save, [{ session: { ...bound, stage: 'ended' } }]);
});

test('a cancel response with an error code ends the session, and no check of a signature counts as made', async () => {
  const response = encode(CancelSessionResponse, { cancelSessionResponseError: 127 });
  const request = { transactionId, cancelSessionResponse: decodeWithBytes(CancelSessionResponse, response) };
  const decision = await cancelSession.decide(request, { session: bound, profile: downloaded }, env);
  assert.ok('reply' in decision);
  assert.deepEqual(decision.save, [{ session: { ...bound, stage: 'ended' } }]);
  assert.equal(decision.lastCheck, 'orderKept');
});
