import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { confirmationCodeHash, hashCc } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Env } from '../env.ts';
import type { Change } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import type { OrderId } from '../state/order.ts';
import type { Downloaded, Profile, Released } from '../state/profile.ts';
import type { Session } from '../state/session.ts';
import { cancel, fail } from '../state/transitions.ts';
import type { Use } from '../state/use.ts';
import {
  authenticated,
  bound,
  downloaded,
  eid,
  env,
  iccid,
  refusedSession,
  released,
  transactionId,
} from './download.testdata.ts';
import { getBoundProfilePackage } from './getBoundProfilePackage.ts';
import { type PrepareFacts, packageErrorRequest, packageRequest, refusalOf } from './requests.harness.ts';
import { endSession } from './session.ts';

type Found = {
  readonly session?: Session | undefined;
  readonly profile?: Profile | undefined;
  readonly content?: ProfileContent | undefined;
  readonly use?: Use;
};

const newOtpk = () => new Uint8Array(generateOneTimeKey('P-256', systemRandom).otPk);
const euiccOtpk = newOtpk();
const given = {
  iccid,
  imsi: '001010000000001',
  ki: new Uint8Array(16).fill(1),
  opc: new Uint8Array(16).fill(2),
};
const content: ProfileContent = { parameters: completeParameters(given, systemRandom) };

const decide = (facts: Partial<PrepareFacts> = {}, found: Found = {}, where: Env = env) =>
  getBoundProfilePackage.decide(
    packageRequest({ euiccOtpk, ...facts }),
    { session: authenticated, profile: released, content, ...found },
    where,
  );
const withOrder = (order: Partial<Released['order']>): Released => ({
  ...released,
  order: { ...released.order, ...order },
});
const code = (attemptsLeft: number) => ({ hash: confirmationCodeHash('1234'), attemptsLeft });
const hashOf = (typed: string) => hashCc(confirmationCodeHash(typed), fromHex(transactionId));
const profileIn = (save: readonly Change[]) =>
  save.flatMap((change) => ('profile' in change ? [change.profile] : []))[0];
const useIn = (save: readonly Change[]) => save.flatMap((change) => ('use' in change ? [change.use] : []))[0];
const eventsIn = (save: readonly Change[]) =>
  save.flatMap((change) => ('event' in change ? [change.event] : []));

test('the profile is bound to the eUICC: DOWNLOADED, the session waits for the result, one event', async () => {
  const decision = await decide();
  assert.ok('reply' in decision);
  assert.equal(decision.reply.transactionId, transactionId);
  assert.equal(decision.reply.boundProfilePackage.bytes[0], 0xbf);
  const [session, change, event, ...others] = decision.save;
  assert.deepEqual(others, []);
  assert.deepEqual(session, { session: { ...bound, expiresAt: env.now + 86_400_000, euiccOtpk } });
  assert.ok(change !== undefined && 'profile' in change && change.profile.state === 'DOWNLOADED');
  assert.equal(change.profile.binding.eid, eid);
  assert.deepEqual(change.profile.binding.euiccOtpk, euiccOtpk);
  assert.ok(event !== undefined && 'event' in event);
  const { type, from, to, point } = event.event;
  assert.deepEqual([type, from, to, point], ['profile.downloaded', 'RELEASED', 'DOWNLOADED', 3]);
});

test('on a retry with the same one-time key the binding is kept, and with another key it is replaced', async () => {
  const first = await decide();
  const before = profileIn(first.save) as Downloaded;
  const again = await decide({}, { profile: before, session: bound });
  assert.ok('reply' in again);
  assert.equal((profileIn(again.save) as Downloaded).binding, before.binding);
  assert.deepEqual(eventsIn(again.save), [], 'it was handed out before');

  const otPk = newOtpk();
  const other = await decide({ euiccOtpk: otPk }, { profile: before, session: bound });
  const { binding } = profileIn(other.save) as Downloaded;
  assert.deepEqual(binding.euiccOtpk, otPk);
  assert.notDeepEqual(binding.otSkDp, before.binding.otSkDp);
});

test('a reusable order binds to nobody and stays RELEASED', async () => {
  const decision = await decide({}, { profile: withOrder({ reusable: true }) });
  assert.ok('reply' in decision);
  assert.equal(profileIn(decision.save), undefined);
  const [event] = eventsIn(decision.save);
  assert.deepEqual([event?.type, event?.to], ['profile.downloaded', 'RELEASED']);
});

test('a reusable order keeps the binding of each eUICC for a retry, and its profile is not written', async () => {
  const profile = withOrder({ reusable: true });
  const first = await decide({}, { profile });
  const use = useIn(first.save) ?? assert.fail();
  assert.deepEqual(use.binding?.euiccOtpk, euiccOtpk);
  const again = await decide({}, { profile, use });
  assert.equal(useIn(again.save), undefined, 'the binding is the same');
  const other = useIn((await decide({ euiccOtpk: newOtpk() }, { profile, use })).save);
  assert.notDeepEqual(other?.binding?.otSkDp, use.binding?.otSkDp, 'another key of the eUICC binds again');
  const anotherOrder = { ...use, orderId: 'before' as OrderId };
  const anew = useIn((await decide({}, { profile, use: anotherOrder })).save);
  assert.notDeepEqual(anew?.binding?.otSkDp, use.binding?.otSkDp, 'a use of an earlier order does not count');
  for (const { save } of [first, again]) assert.equal(profileIn(save), undefined);
});

test('the right confirmation code opens the download', async () => {
  const decision = await decide(
    { hashCc: hashOf('1234') },
    { profile: withOrder({ confirmationCode: code(1) }) },
  );
  assert.ok('reply' in decision);
  assert.equal(profileIn(decision.save)?.state, 'DOWNLOADED');
});

test('a wrong confirmation code costs an attempt: 8.2.7/3.8', async () => {
  const profile = withOrder({ confirmationCode: code(3) });
  const { save, ...refused } = await refusalOf(() => decide({ hashCc: hashOf('9999') }, { profile }));
  assert.deepEqual(refused, { codes: '8.2.7/3.8', check: 'codeRight' });
  assert.deepEqual(profileIn(save), withOrder({ confirmationCode: code(2) }));
  assert.deepEqual(
    eventsIn(save).map(({ type, point }) => [type, point]),
    [['confirmation_code.wrong', 2]],
  );
});

test('the last wrong confirmation code ends the order: 8.2.7/6.4, and the next call is refused alike', async () => {
  const profile = withOrder({ confirmationCode: code(1) });
  const { save, ...refused } = await refusalOf(() => decide({ hashCc: hashOf('9999') }, { profile }));
  assert.deepEqual(refused, { codes: '8.2.7/6.4', check: 'codeRight' });
  const failed = profileIn(save);
  assert.equal(failed?.state, 'ERROR');
  assert.deepEqual(
    eventsIn(save).map(({ type, point }) => [type, point]),
    [
      ['confirmation_code.locked', 2],
      ['profile.error', undefined],
    ],
  );
  const again = await refusalOf(() => decide({ hashCc: hashOf('1234') }, { profile: failed }));
  assert.deepEqual(again, { codes: '8.2.7/6.4', check: 'orderReady', save: [] });
});

test('an expired order ends: 8.8.5/4.10, before the code is looked at', async () => {
  const profile = withOrder({ expiresAt: Math.floor(env.now / 1000), confirmationCode: code(3) });
  const { save, ...refused } = await refusalOf(() => decide({ hashCc: hashOf('9999') }, { profile }));
  assert.deepEqual(refused, { codes: '8.8.5/4.10', check: 'orderInTime' });
  const failed = profileIn(save);
  assert.ok(failed?.state === 'ERROR' && failed.reason.reasonCode === '4.10');
  assert.deepEqual(
    eventsIn(save).map(({ type, point }) => [type, point]),
    [['profile.expired', 3]],
  );
});

const otherOrder = { ...released, order: { ...released.order, id: 'other' as OrderId } };
const loadFailed = {
  subjectCode: '8.2.10',
  reasonCode: '4.2',
  message: 'it could not be installed',
} as const;

for (const [name, facts, found, codes, check] of [
  ['a session that nobody knows', {}, { session: undefined }, '8.10.1/3.9', 'sessionOpen'],
  [
    'an expired session',
    {},
    { session: { ...authenticated, expiresAt: env.now } },
    '8.10.1/3.9',
    'sessionOpen',
  ],
  ['a session without an eUICC', {}, { session: refusedSession }, '8.10.1/3.9', 'sessionOpen'],
  ['a session that has ended', {}, { session: endSession(bound) }, '8.10.1/3.9', 'sessionOpen'],
  [
    'another transaction in the signed part',
    { signedId: transactionId.replace(/^01/, '00') },
    {},
    '8.10.1/3.9',
    'sameTransaction',
  ],
  ['the signature of another key', { key: generateSigningKey('P-256') }, {}, '8.1/6.1', 'signatureRight'],
  ['another order than that of the session', {}, { profile: otherOrder }, '8.10.1/3.9', 'orderKept'],
  ['an order that failed', {}, { profile: fail(released, loadFailed, 0) }, '8.2/3.7', 'orderReady'],
  ['a profile that is gone', {}, { profile: undefined }, '8.2/3.7', 'orderReady'],
  [
    'a profile that another eUICC has downloaded',
    {},
    { profile: { ...downloaded, binding: { ...downloaded.binding, eid: eid.replace(/..$/, '00') } } },
    '8.2/3.7',
    'notBoundElsewhere',
  ],
  [
    'no confirmation code where one is required',
    {},
    { profile: withOrder({ confirmationCode: code(3) }) },
    '8.2.7/2.2',
    'codeSent',
  ],
  [
    'an empty confirmation code',
    { hashCc: new Uint8Array() },
    { profile: withOrder({ confirmationCode: code(3) }) },
    '8.2.7/2.2',
    'codeSent',
  ],
  [
    'a confirmation code without attempts',
    { hashCc: hashOf('1234') },
    { profile: withOrder({ confirmationCode: code(0) }) },
    '8.2.7/6.4',
    'codeAttemptsLeft',
  ],
  ['a profile without its package', {}, { content: undefined }, '8.2/3.7', 'contentThere'],
  ['a one-time key that is no point', { euiccOtpk: new Uint8Array(65).fill(4) }, {}, '8.1/6.1', 'keyValid'],
] as const)
  test(`${name}: ${codes}, by the check ${check}, and nothing is saved`, async () => {
    assert.deepEqual(await refusalOf(() => decide(facts, found as Found)), { codes, check, save: [] });
    assert.ok(check in getBoundProfilePackage.checks);
  });

test('a cancelled order ends its sessions, also after the profile was ordered anew', async () => {
  const session = { ...authenticated, orderId: 'mine' as OrderId };
  const mine = withOrder({ id: 'mine' as OrderId });
  assert.ok('reply' in (await decide({}, { session, profile: mine })));
  for (const profile of [cancel(mine, 'AVAILABLE', 0), withOrder({ id: 'next' as OrderId })]) {
    const refused = await refusalOf(() => decide({}, { session, profile }));
    assert.deepEqual(refused, { codes: '8.10.1/3.9', check: 'orderKept', save: [] });
  }
});

test('an eUICC that could not prepare the download is 8.1/6.1', async () => {
  const refused = refusalOf(() =>
    getBoundProfilePackage.decide(
      packageErrorRequest(),
      { session: authenticated, profile: released, content },
      env,
    ),
  );
  assert.deepEqual(await refused, { codes: '8.1/6.1', check: 'downloadPrepared', save: [] });
});

test('certificates that were replaced since end the session, by a check of their own', async () => {
  const refused = await refusalOf(() => decide({}, {}, { ...env, certificates: [] }));
  assert.deepEqual(refused, { codes: '8.10.1/3.9', check: 'certificatesKept', save: [] });
});
