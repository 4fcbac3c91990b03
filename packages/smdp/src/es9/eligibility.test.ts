import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import type { EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { type MetadataOptions, storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { Refusal } from '@esim-rsp/sgp22/status';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { parseTransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '../env.ts';
import type { Needs, Released } from '../state/profile.ts';
import { checkEligibility } from './eligibility.ts';

const eid = parseEid('89049032123451234512345678901235');
const matchingId = parseMatchingId('SOME-ID');
const transactionId = parseTransactionId('00112233445566778899AABBCCDDEEFF');
const iccid = parseIccid('8900101000000000017');

function profile(needs?: Needs, terms: MetadataOptions = {}): Released {
  const names = { serviceProviderName: 'A', profileName: 'B', profileClass: 'operational' } as const;
  return {
    iccid,
    account: 'a',
    imsi: '001010000000001',
    metadata: storeMetadataFor({ iccid, ...names, notificationAddress: 'localhost', ...terms }).bytes,
    protection: 'session_keys',
    ...(needs !== undefined && { needs }),
    changedAt: 0,
    version: 1,
    state: 'RELEASED',
    order: {
      matchingId,
      downloadAttemptsLeft: 1,
      reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
      reusesLeft: 0,
    },
  };
}

/** What an eUICC of this kind is answered: a pair of codes, or that the profile waits for it. */
function verdict(waiting: Released, euicc: Partial<EUICCInfo2>): string {
  const info = {
    uiccCapability: new Set([1, 4]),
    extCardResource: fromHex('8101008202040083021000'),
    ...euicc,
  };
  try {
    const found = checkEligibility(waiting, { eid, matchingId, info: info as EUICCInfo2, transactionId }, {
      now: 0,
    } as Env);
    if (!('refusal' in found)) return 'waits';
    const { subjectCode, reasonCode } = found.refusal.status;
    const ended = found.save.some((change) => 'profile' in change && change.profile.state !== waiting.state);
    return ended ? 'ended' : `${subjectCode}/${reasonCode}`;
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return `${error.status.subjectCode}/${error.status.reasonCode}`;
  }
}

test('a profile that does not fit into the free memory is 8.1/4.8', () => {
  assert.equal(verdict(profile({ bytes: 1024, capabilities: [] }), {}), 'waits');
  assert.equal(verdict(profile({ bytes: 1025, capabilities: [] }), {}), '8.1/4.8');
  assert.equal(verdict(profile(), {}), 'waits');
});

test('an extCardResource that is no list of TLVs, or does not name the memory, is passed over', () => {
  const large = profile({ bytes: 1_000_000, capabilities: [] });
  for (const octets of ['', 'ff', '00112233', '8205', '810100', '8200'])
    assert.equal(verdict(large, { extCardResource: fromHex(octets) }), 'waits', octets);
  for (const octets of ['820100', '820400000010'])
    assert.equal(verdict(large, { extCardResource: fromHex(octets) }), '8.1/4.8', octets);
});

test('an eUICC that lacks what the profile needs is 8.2.5/4.3, whatever its memory', () => {
  assert.equal(verdict(profile({ bytes: 1, capabilities: [1, 4] }), {}), 'waits');
  assert.equal(verdict(profile({ bytes: 9999, capabilities: [1, 6] }), {}), '8.2.5/4.3');
  const all = new Set(Array.from({ length: 32 }, (_, bit) => bit));
  assert.equal(verdict(profile({ bytes: 1, capabilities: [1, 6, 30] }), { uiccCapability: all }), 'waits');
});

test('a policy rule that the eUICC forbids is 8.2.5/4.3', () => {
  const ruled = profile(undefined, { policyRules: ['ppr2'], owner: { mccMnc: '00101' } });
  assert.equal(verdict(ruled, {}), 'waits');
  assert.equal(verdict(ruled, { forbiddenProfilePolicyRules: new Set([1]) }), 'waits');
  assert.equal(verdict(ruled, { forbiddenProfilePolicyRules: new Set([2]) }), '8.2.5/4.3');
});

/** The message and what is saved when this eUICC is refused. */
function refused(waiting: Released, euicc: Partial<EUICCInfo2>) {
  const info = { uiccCapability: new Set([1, 4]), extCardResource: fromHex('82021000'), ...euicc };
  const candidate = { eid, matchingId, info: info as EUICCInfo2, transactionId };
  const found = checkEligibility(waiting, candidate, { now: 0 } as Env);
  assert.ok('refusal' in found);
  return { message: found.refusal.status.message, save: found.save };
}

test('a refusal names what is missing: services, policy rules, or memory', () => {
  const needs = profile({ bytes: 1, capabilities: [1, 3, 19, 31] });
  assert.match(refused(needs, {}).message, /: csim, ber-tlv, bit 31 of uiccCapability$/);
  const ruled = profile(undefined, { policyRules: ['ppr1', 'ppr2'], owner: { mccMnc: '00101' } });
  assert.match(refused(ruled, { forbiddenProfilePolicyRules: new Set([1, 2]) }).message, /: ppr1, ppr2$/);
  const large = profile({ bytes: 9999, capabilities: [] });
  assert.match(
    refused(large, { extCardResource: fromHex('82021000') }).message,
    /memory.*it needs 9999 bytes and has 4096$/,
  );
});

test('the attempt of an eUICC that cannot take the profile counts, and the order stays RELEASED for another phone', () => {
  const [change, event] = refused(profile({ bytes: 1, capabilities: [3] }), {}).save;
  assert.ok(change && 'profile' in change && change.profile.state === 'RELEASED');
  assert.equal(change.profile.order.downloadAttemptsLeft, 0);
  assert.ok(event && 'event' in event && event.event.point === 1);
});

test('the order of a profile that an upstream has is not known here', () => {
  assert.equal(verdict(profile(), {}), 'waits');
  assert.equal(verdict({ ...profile(), upstream: 'vendor' }, {}), '8.2.6/3.8');
});
