import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloaded, eid, env, released } from '../es9/download.testdata.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { postpone, report, reserve, stockAgain } from '../state/transitions.ts';
import { replaceProfile } from './replaceProfile.ts';

const asked = { account: released.account, iccid: released.iccid };
const ppk = generatePpk(env.random);
const content = { ppk, sequenceOf86: protectWithPpk(new Uint8Array(100), ppk) };
const stock = stockAgain(released, 'AVAILABLE', 1);
const other = { ...stock, iccid: parseIccid('8900101000000000025') };

async function replace(profile: Profile | undefined, by: 'same' | 'another', inStock?: readonly Profile[]) {
  const types = inStock && { stock: inStock, typeKnown: true };
  const decision = await replaceProfile.decide({ ...asked, by }, { profile, content, stock: types }, env);
  assert.ok('reply' in decision);
  return decision;
}

test('the same profile gets a new order in any state that has one, with new keys for its package if it was handed out', async () => {
  const installed = report(downloaded, 'INSTALLED', { eid, seqNumber: 1 }, 1);
  for (const profile of [released, downloaded, postpone(downloaded, 1), installed]) {
    const { reply, save } = await replace(profile, 'same');
    assert.equal(reply.profile.state, 'RELEASED');
    assert.ok(!('binding' in reply.profile) && !('device' in reply.profile));
    assert.notEqual(orderOf(reply.profile)?.id, orderOf(profile)?.id);
    assert.notEqual(orderOf(reply.profile)?.matchingId, orderOf(profile)?.matchingId);
    const [change] = save;
    assert.ok(change !== undefined && 'profile' in change && change.content && 'ppk' in change.content);
    assert.notDeepEqual(change.content.ppk, ppk);
  }
});

test('another profile of the type is ordered and the old one retired, and the events of both say so', async () => {
  const { reply, save } = await replace(downloaded, 'another', [other]);
  assert.deepEqual([reply.profile.iccid, reply.profile.state], [other.iccid, 'RELEASED']);
  const states = save.flatMap((one) =>
    'profile' in one ? [`${one.profile.iccid} ${one.profile.state}`] : [],
  );
  assert.deepEqual(states, [`${asked.iccid} UNAVAILABLE`, `${other.iccid} RELEASED`]);
  for (const change of save) {
    if (!('event' in change)) continue;
    const { iccid, replaces, replacedBy } = change.event;
    if (iccid === other.iccid) assert.equal(replaces, asked.iccid);
    else assert.equal(replacedBy, other.iccid);
  }
});

test('a profile without an order, without a type for another one, or of another account is not replaced', async () => {
  for (const profile of [stock, reserve(stock, undefined, 1), stockAgain(released, 'UNAVAILABLE', 1)])
    await assert.rejects(async () => replace(profile, 'same'), /only a profile that is ordered/);
  await assert.rejects(async () => replace(released, 'another'), /has no type/);
  await assert.rejects(async () => replace(released, 'another', []), /stock/);
  await assert.rejects(async () => replace({ ...released, account: 'x' }, 'same'), /no profile/);
});
