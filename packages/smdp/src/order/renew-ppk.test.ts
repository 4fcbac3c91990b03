import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { downloaded, eid, env, released } from '../es9/download.testdata.ts';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import type { ReuseType } from '../state/order.ts';
import type { OnDevice, Profile } from '../state/profile.ts';
import { fail, report, stockAgain, withOrder } from '../state/transitions.ts';
import { cancelProfile } from './cancelProfile.ts';
import { endTerm } from './endTerm.ts';
import { reReleaseProfile, resetProfile, retireProfile } from './lifecycle.ts';
import type { Deciding, Found } from './renew-ppk.ts';

const upp = new Uint8Array(3000).map((_, at) => at % 251);
const ppk = generatePpk(env.random);
const content = { ppk, sequenceOf86: protectWithPpk(upp, ppk) };
const ppkOf = <P extends Profile>(profile: P): P => ({ ...profile, protection: 'ppk' });
const NOW = Math.floor(env.now / 1000);
const other = parseEid('89049032123451234512345678901235');

/** What a function saves, its content read as the store has it. */
async function saves<Q extends { readonly iccid: unknown }>(
  fn: Deciding<Q, Found, unknown>,
  request: Q,
  profile: Profile,
  at = env.now,
): Promise<{ readonly save: readonly Change[]; readonly reads: number }> {
  let reads = 0;
  const reader = {
    profile: async () => profile,
    content: async () => {
      reads += 1;
      return content;
    },
  } as Partial<Reader> as Reader;
  return { save: fn.decide(request, await fn.load(request, reader, 0), { ...env, now: at }).save, reads };
}

function contentIn(save: readonly Change[]): ProfileContent | undefined {
  return save.flatMap((change) => ('profile' in change && change.content ? [change.content] : []))[0];
}

function assertRenewed(save: readonly Change[]): void {
  const renewed = contentIn(save);
  assert.ok(renewed !== undefined && 'ppk' in renewed);
  assert.notDeepEqual(renewed.ppk, ppk);
  assert.notDeepEqual(renewed.sequenceOf86, content.sequenceOf86);
  assert.deepEqual(unprotectWithPpk(renewed.sequenceOf86, renewed.ppk), upp);
}

const request = { account: released.account, iccid: released.iccid };

test('a download that is released again for any eUICC gets a new PPK, in the save that releases it', async () => {
  assertRenewed((await saves(reReleaseProfile, request, ppkOf(downloaded))).save);
  const failed = fail(ppkOf(downloaded), { subjectCode: '8.2.10', reasonCode: '4.2', message: 'x' }, NOW);
  assertRenewed((await saves(reReleaseProfile, request, failed)).save);
});

test('a download that is released again for the same eUICC keeps its PPK', async () => {
  const linked = withOrder(ppkOf(downloaded), { ...downloaded.order, eid: downloaded.binding.eid });
  assert.equal(contentIn((await saves(reReleaseProfile, request, linked)).save), undefined);
});

test('a profile that is put back into stock gets a new PPK if an eUICC may have its package', async () => {
  const installed = report(ppkOf(downloaded), 'DELETED', { eid, seqNumber: 1 }, NOW) as OnDevice;
  const failed = fail(ppkOf(downloaded), { subjectCode: '8.2.10', reasonCode: '4.2', message: 'x' }, NOW);
  for (const profile of [installed, failed, stockAgain(ppkOf(downloaded), 'UNAVAILABLE', NOW)])
    assertRenewed((await saves(resetProfile, request, profile)).save);
  assert.equal(contentIn((await saves(retireProfile, request, ppkOf(installed))).save), undefined);
});

test('a cancelled order gives a new PPK only if a package was sent', async () => {
  const cancel = { ...request, finalState: 'AVAILABLE' } as const;
  const bound = { ...ppkOf(released), binding: downloaded.binding };
  assertRenewed((await saves(cancelProfile, cancel, bound)).save);
  const reusable = withOrder(ppkOf(released), { ...released.order, reusable: true });
  assertRenewed((await saves(cancelProfile, cancel, reusable)).save);
  const fresh = await saves(cancelProfile, cancel, ppkOf(released));
  assert.deepEqual([contentIn(fresh.save), fresh.reads], [undefined, 0]);
});

test('after a cool-down a profile gets a new PPK if another eUICC may download it', async () => {
  const expected: Record<ReuseType, boolean> = {
    NEVER: false,
    SAME_EID_MID: false,
    SAME_EID: false,
    SAME_MID: true,
    NEW_EID: true,
    NEW_EID_MID: true,
  };
  for (const [type, renews] of Object.entries(expected)) {
    const reusePolicy = { type: type as ReuseType, maxCount: 1, cooldownSeconds: 60 };
    const order = { ...downloaded.order, reusePolicy, reusesLeft: 1, returnsAt: NOW + 60 };
    const on = report(withOrder(ppkOf(downloaded), order), 'DELETED', { eid: other, seqNumber: 1 }, NOW);
    const at = (NOW + 61) * 1000;
    if (type === 'NEVER') continue;
    const { save } = await saves(endTerm, { iccid: released.iccid }, on, at);
    if (renews) assertRenewed(save);
    else assert.equal(contentIn(save), undefined, type);
  }
});

test('a package under session keys is not even read', async () => {
  const { save, reads } = await saves(reReleaseProfile, request, {
    ...downloaded,
    protection: 'session_keys',
  });
  assert.deepEqual([contentIn(save), reads], [undefined, 0]);
});
