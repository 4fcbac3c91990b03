import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import type { ChosenCis, Env } from '../env.ts';
import { ciPKId, dpAuthKey, env, opened } from './download.testdata.ts';
import { initiateAuthentication } from './initiateAuthentication.ts';
import { type InitiateFacts, initiateRequest, refusalOf } from './requests.harness.ts';
import { verify } from './signature.ts';

const decide = (facts?: InitiateFacts, where = env) =>
  initiateAuthentication.decide(initiateRequest(facts), undefined, where);
const otherCi = new Uint8Array(20).fill(9);

test('a transaction is opened with a fresh challenge, nothing is saved, and our signature covers the challenge of the eUICC', async () => {
  const decision = await decide();
  assert.ok('reply' in decision);
  const { transactionId, serverSigned1, serverSignature1, euiccCiPKIdToBeUsed, serverCertificate } =
    decision.reply;
  const [ours] = env.certificates;
  assert.ok(ours);
  assert.deepEqual(serverSigned1.value.euiccChallenge, new Uint8Array(16).fill(2));
  assert.equal(serverSigned1.value.serverAddress, 'localhost');
  assert.deepEqual(serverSigned1.value.transactionId, fromHex(transactionId));
  assert.equal(serverSigned1.value.serverChallenge.length, 16);
  assert.ok(verify(dpAuthKey.verifyingKey, serverSignature1, serverSigned1));
  assert.deepEqual(euiccCiPKIdToBeUsed.value, ciPKId);
  assert.equal(serverCertificate, ours.dpAuth.certificate);
  assert.deepEqual(decision.save, []);
  const opened = env.transactions.find(transactionId, env.now);
  assert.deepEqual(opened?.serverChallenge, serverSigned1.value.serverChallenge);
});

test('two calls open different transactions with different challenges', async () => {
  const [one, other] = [await decide(), await decide()];
  assert.ok('reply' in one && 'reply' in other);
  assert.notEqual(one.reply.transactionId, other.reply.transactionId);
  assert.notDeepEqual(
    one.reply.serverSigned1.value.serverChallenge,
    other.reply.serverSigned1.value.serverChallenge,
  );
});

test('the address may be written in capital letters', async () => {
  assert.ok('reply' in (await decide({ smdpAddress: 'LOCALHOST' })));
});

test("the eUICC's order of CIs decides which certificates we use and which CI it signs for", async () => {
  const [ours] = env.certificates;
  assert.ok(ours);
  const second = { ...ours, ciPKId: otherCi };
  const both = { ...env, certificates: [ours, second], trustedCiPKIds: [ciPKId, otherCi] };
  const chosen: ChosenCis[] = [];
  const open: Env['transactions']['open'] = (cis) => {
    chosen.push(cis);
    return opened;
  };
  const facts = { forVerification: [otherCi, ciPKId], forSigning: [otherCi, ciPKId] };
  const decision = await decide(facts, { ...both, transactions: { ...env.transactions, open } });
  assert.ok('reply' in decision);
  assert.deepEqual(decision.reply.euiccCiPKIdToBeUsed.value, otherCi);
  assert.deepEqual(chosen, [{ smdpCiPKId: otherCi, euiccCiPKIdToBeUsed: otherCi }]);
});

for (const [name, facts, codes, check] of [
  ['another address than ours', { smdpAddress: 'rsp.example.com' }, '8.8.1/3.8', 'addressRight'],
  ['an eUICC of version 3', { svn: fromHex('030000') }, '8.8.3/3.1', 'svnSupported'],
  ['an eUICC that signs for other CIs only', { forSigning: [otherCi] }, '8.8.2/3.1', 'ciSupported'],
  [
    'an eUICC that verifies other CIs only',
    { forVerification: [otherCi] },
    '8.8.4/3.7',
    'certificateAvailable',
  ],
] as const)
  test(`${name}: ${codes}, and no transaction is opened`, async () => {
    assert.deepEqual(await refusalOf(() => decide(facts)), { codes, check, save: [] });
    assert.ok(check in initiateAuthentication.checks);
  });

test('of several faults, the first in the order of the checks is the one that is reported', async () => {
  const facts = { smdpAddress: 'rsp.example.com', svn: fromHex('030000'), forSigning: [otherCi] };
  assert.equal((await refusalOf(() => decide(facts))).check, 'addressRight');
  const { smdpAddress: _, ...later } = facts;
  assert.equal((await refusalOf(() => decide(later))).check, 'svnSupported');
});
