import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { orderOf, type Profile } from '../state/profile.ts';
import { download, report } from '../state/transitions.ts';
import { type ConfirmOrderRequest, confirmOrder } from './confirmOrder.ts';
import {
  account,
  allocated,
  available,
  confirmed,
  decided,
  eid,
  env,
  iccid,
  linked,
  noMatchingId,
  otherEid,
  refused,
  released,
} from './orders.harness.ts';

const confirm = (profile: Profile | undefined, input: Partial<ConfirmOrderRequest> = {}, holder?: Profile) =>
  confirmOrder.decide({ account, iccid, releaseFlag: false, ...input }, { profile, holder }, env);

test('an order is CONFIRMED with a MatchingID that is generated, or RELEASED when that is asked for', async () => {
  const one = (await decided(confirm(allocated))).profile;
  assert.equal(one.state, 'CONFIRMED');
  assert.match(orderOf(one)?.matchingId ?? '', /^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/);
  const other = (await decided(confirm(linked, { releaseFlag: true }))).profile;
  assert.equal(other.state, 'RELEASED');
  assert.equal(orderOf(other)?.eid, eid);
  assert.notEqual(orderOf(other)?.id, orderOf(one)?.id);
});

test('EID, MatchingID and confirmation code become those of the order', async () => {
  const matchingId = parseMatchingId('OURS-1');
  const { profile } = await decided(confirm(allocated, { eid, matchingId, confirmationCode: '12345678' }));
  const { confirmationCode, ...order } = orderOf(profile) ?? assert.fail();
  assert.deepEqual([order.eid, order.matchingId], [eid, matchingId]);
  assert.deepEqual(confirmationCode?.hash, confirmationCodeHash('12345678'));
});

test('it is refused in the order of the specification', () => {
  const taken = parseMatchingId('TAKEN');
  const smdsAddress = 'invalid.smds.address';
  assert.equal(
    refused(() => confirm(undefined)),
    '8.2.1/3.9',
  );
  assert.equal(
    refused(() => confirm({ ...allocated, account: 'other' })),
    '8.2.1/3.9',
  );
  for (const profile of [available, confirmed, released])
    assert.equal(
      refused(() => confirm(profile, { eid: otherEid })),
      '8.2.1/3.3',
    );
  assert.equal(
    refused(() => confirm(linked, { eid: otherEid, matchingId: taken }, released)),
    '8.1.1/3.10',
  );
  assert.equal(
    refused(() => confirm(allocated, { smdsAddress, matchingId: taken }, released)),
    '8.1.1/2.2',
  );
  assert.equal(
    refused(() => confirm(allocated, { matchingId: noMatchingId })),
    '8.1.1/2.2',
  );
  assert.equal(
    refused(() => confirm(linked, { smdsAddress, matchingId: taken }, released)),
    '8.2.6/3.3',
  );
  assert.equal(
    refused(() => confirm(linked, { smdsAddress, releaseFlag: true })),
    '8.9/5.1',
  );
});

test('the same call again is answered as the first time, also when the profile is on its device', async () => {
  const input = { confirmationCode: '12345678', releaseFlag: true };
  const first = (await decided(confirm(linked, input))).profile;
  assert.ok(first.state === 'RELEASED');
  const binding = { eid, euiccOtpk: Uint8Array.of(1), otSkDp: Uint8Array.of(2), hostId: Uint8Array.of(3) };
  const downloaded = download(first, binding, 8);
  const installed = report(downloaded, 'INSTALLED', { eid, seqNumber: 1 }, 9);
  assert.equal(installed.state, 'INSTALLED');
  for (const profile of [first, downloaded, installed])
    assert.deepEqual(await decided(confirm(profile, input)), { profile, saved: false });
  assert.equal(
    refused(() => confirm(first, { ...input, confirmationCode: '87654321' })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => confirm(first, { ...input, releaseFlag: false })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => confirm(first, { ...input, expiresAt: 2_000_000_000 })),
    '8.2.1/3.3',
  );
  assert.equal(
    refused(() => confirm({ ...first, account: 'other' }, input)),
    '8.2.1/3.9',
  );
});
