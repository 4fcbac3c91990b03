import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { OrderId } from '../state/order.ts';
import type { Profile, Released } from '../state/profile.ts';
import type { Session } from '../state/session.ts';
import type { Use } from '../state/use.ts';
import { authenticateClient } from './authenticateClient.ts';
import {
  authenticated,
  bound,
  downloaded,
  dpPbKey,
  eid,
  env,
  euiccKey,
  opened,
  refusedSession,
  released,
  transactionId,
} from './download.testdata.ts';
import {
  type AuthenticateFacts,
  authenticateErrorRequest,
  authenticateRequest,
  refusalOf,
} from './requests.harness.ts';
import { verify } from './signature.ts';

type Found = { readonly session?: Session | undefined; readonly profile?: Profile | undefined };

const decide = (facts: AuthenticateFacts = {}, found: Found = {}, where: Env = env) => {
  const { session, profile } = { session: undefined, profile: released, ...found };
  return authenticateClient.decide(
    authenticateRequest(facts),
    { session, profiles: profile === undefined ? [] : [profile], uses: [] },
    where,
  );
};
const withOrder = (order: Partial<Released['order']>): Released => ({
  ...released,
  order: { ...released.order, ...order },
});
const otherPki = makeTestPki({
  now: env.now,
  random: systemRandom,
  generateKey: generateSigningKey,
  curve: 'P-256',
  hosts: ['localhost'],
  eids: [eid],
});
/** What is saved when the Profile of the tests was asked for and refused. */
const refusedForProfile = { ...refusedSession, askedFor: released.iccid };
const otherEid = authenticated.eid.replace(/..$/, '00') as typeof eid;

test('a genuine eUICC is offered its profile under our signature, and the attempt is counted', async () => {
  const decision = await decide();
  assert.ok('reply' in decision);
  const { profileMetadata, smdpSigned2, smdpSignature2, smdpCertificate } = decision.reply;
  const [ours] = env.certificates;
  assert.ok(ours);
  assert.equal(profileMetadata.value.profileName, 'Example');
  assert.deepEqual(smdpSigned2.value, { transactionId: fromHex(transactionId), ccRequiredFlag: false });
  assert.equal(smdpCertificate, ours.dpPb.certificate);

  const [session, profile, event, ...others] = decision.save;
  assert.deepEqual(others, []);
  assert.deepEqual(session, {
    session: {
      stage: 'authenticated',
      transactionId,
      version: 0,
      expiresAt: env.now + 300_000,
      smdpCiPKId: opened.smdpCiPKId,
      eid,
      iccid: released.iccid,
      euiccPublicKey: euiccKey.verifyingKey.spki,
      smdpSignature2: smdpSignature2.bytes,
      journal: refusedSession.journal,
    },
  });
  assert.deepEqual(profile, { profile: withOrder({ downloadAttemptsLeft: 8 }) });
  assert.ok(event !== undefined && 'event' in event);
  const { type, actor, point, reason } = event.event;
  assert.deepEqual([type, actor, point, reason], ['download.checked', { kind: 'device', eid }, 1, undefined]);
});

test('our signature covers smdpSigned2 and then euiccSignature1', async () => {
  const request = authenticateRequest();
  const decision = await authenticateClient.decide(
    request,
    { session: undefined, profiles: [released], uses: [] },
    env,
  );
  const response = request.authenticateServerResponse.value;
  assert.ok('reply' in decision && 'authenticateResponseOk' in response);
  const { smdpSigned2, smdpSignature2 } = decision.reply;
  const { euiccSignature1 } = response.authenticateResponseOk;
  const key = dpPbKey.verifyingKey;
  assert.ok(verify(key, smdpSignature2, smdpSigned2, euiccSignature1));
  assert.ok(!verify(key, smdpSignature2, euiccSignature1, smdpSigned2));
});

test('an order with a confirmation code asks for it', async () => {
  const confirmationCode = { hash: new Uint8Array(32), attemptsLeft: 3 };
  const decision = await decide({}, { profile: withOrder({ confirmationCode }) });
  assert.ok('reply' in decision);
  assert.equal(decision.reply.smdpSigned2.value.ccRequiredFlag, true);
});

test('on a retry the eUICC gets the one-time key that its package was bound with, and keeps its binding', async () => {
  const decision = await decide({}, { profile: downloaded });
  assert.ok('reply' in decision);
  assert.deepEqual(decision.reply.smdpSigned2.value.bppEuiccOtpk, downloaded.binding.euiccOtpk);
  const [, change] = decision.save;
  assert.ok(change !== undefined && 'profile' in change && change.profile.state === 'DOWNLOADED');
  assert.equal(change.profile.binding, downloaded.binding);
  assert.equal(change.profile.order.downloadAttemptsLeft, 8);
});

test('a download of a reusable order is not counted', async () => {
  const decision = await decide({}, { profile: withOrder({ reusable: true }) });
  assert.ok('reply' in decision);
  assert.deepEqual(
    decision.save.map((change) => Object.keys(change)),
    [['session'], ['unchanged'], ['event']],
  );
});

test('on a retry of a reusable order the eUICC gets the key of its own binding, and no other one', async () => {
  const profile = withOrder({ reusable: true });
  const use = { iccid: profile.iccid, eid, binding: downloaded.binding, version: 1 };
  const offered = async (uses: readonly Use[]) => {
    const request = authenticateRequest();
    const found = { session: undefined, profiles: [profile], uses };
    const decision = await authenticateClient.decide(request, found, env);
    assert.ok('reply' in decision);
    return decision.reply.smdpSigned2.value.bppEuiccOtpk;
  };
  assert.deepEqual(await offered([use]), downloaded.binding.euiccOtpk);
  assert.equal(await offered([]), undefined);
  assert.equal(await offered([{ ...use, orderId: 'before' as OrderId }]), undefined);
});

for (const [name, facts, found, codes, check] of [
  ['a session that was refused', {}, { session: refusedSession }, '8.10.1/3.9', 'sessionOpen'],
  ['a session that has expired', {}, { session: { ...bound, expiresAt: 0 } }, '8.10.1/3.9', 'sessionOpen'],
  ['a session that is further already', {}, { session: bound }, '8.10.1/3.9', 'sessionOpen'],
  [
    'another transaction in the signed part',
    { signedId: transactionId.replace(/^01/, '00') },
    {},
    '8.10.1/3.9',
    'sameTransaction',
  ],
  ['an EUM of another CI', { eum: otherPki.eum.certificate }, {}, '8.11.1/3.9', 'ciTrusted'],
  ['the signature of another key', { key: generateSigningKey('P-256') }, {}, '8.1/6.1', 'signatureRight'],
  [
    'another server challenge than ours',
    { serverChallenge: new Uint8Array(16).fill(8) },
    {},
    '8.1/6.1',
    'challengeSigned',
  ],
  [
    'another server address than ours',
    { serverAddress: 'rsp.example.com' },
    {},
    '8.1/6.1',
    'challengeSigned',
  ],
] as const)
  test(`${name}: ${codes}, by the check ${check}, and nothing is saved`, async () => {
    assert.deepEqual(await refusalOf(() => decide(facts, found as Found)), { codes, check, save: [] });
    assert.ok(check in authenticateClient.checks);
  });

for (const [name, facts, found, codes, check] of [
  ['an unknown MatchingID', {}, { profile: undefined }, '8.2.6/3.8', 'orderFound'],
  [
    'no MatchingID and no order for the EID',
    { matchingId: '' },
    { profile: undefined },
    '8.1.1/3.8',
    'orderFound',
  ],
  ['an order for another EID', {}, { profile: withOrder({ eid: otherEid }) }, '8.1.1/3.8', 'eidAllowed'],
  [
    'an order that is not for this EID again',
    {},
    { profile: withOrder({ notEid: eid }) },
    '8.1.1/3.8',
    'notHadBefore',
  ],
  [
    'an order that is not released',
    {},
    { profile: { ...released, state: 'CONFIRMED' } },
    '8.2/1.2',
    'orderReady',
  ],
  [
    'a profile that another eUICC has downloaded',
    {},
    { profile: { ...downloaded, binding: { ...downloaded.binding, eid: otherEid } } },
    '8.1.1/3.8',
    'notBoundElsewhere',
  ],
] as const)
  test(`${name}: ${codes}, by the check ${check}, and the session is over`, async () => {
    const asked = (found.profile as Profile | undefined)?.iccid;
    const save = [{ session: { ...refusedSession, ...(asked !== undefined && { askedFor: asked }) } }];
    assert.deepEqual(await refusalOf(() => decide(facts, found as Found)), { codes, check, save });
    assert.ok(check in authenticateClient.checks);
  });

for (const [name, transactions] of [
  ['was not opened here', { ...env.transactions, find: () => undefined }],
  [
    'has expired',
    { ...env.transactions, find: () => env.transactions.find(transactionId, opened.expiresAt) },
  ],
] as const)
  test(`a transaction that ${name}: 8.10.1/3.9, by the check sessionOpen, and nothing is saved`, async () => {
    const refusal = await refusalOf(() => decide({}, {}, { ...env, transactions }));
    assert.deepEqual(refusal, { codes: '8.10.1/3.9', check: 'sessionOpen', save: [] });
  });

test('an eUICC that could not authenticate us is 8.1/6.1', async () => {
  const refused = refusalOf(() =>
    authenticateClient.decide(
      authenticateErrorRequest(),
      { session: undefined, profiles: [released], uses: [] },
      env,
    ),
  );
  assert.deepEqual(await refused, { codes: '8.1/6.1', check: 'serverAccepted', save: [] });
});

test('an expired eUICC certificate is 8.1.2/6.3 or 8.1.3/6.3', async () => {
  const later = { ...env, now: Date.UTC(2300, 0) };
  const transactions = { ...env.transactions, find: () => opened };
  const { codes } = await refusalOf(() => decide({}, {}, { ...later, transactions }));
  assert.match(codes, /^8\.1\.[23]\/6\.3$/);
});

for (const [name, order, codes, check] of [
  ['an expired order', { expiresAt: Math.floor(env.now / 1000) }, '8.8.5/4.10', 'orderInTime'],
  ['an order without attempts', { downloadAttemptsLeft: 0 }, '8.8.5/6.4', 'attemptsLeft'],
] as const)
  test(`${name} ends: ${codes}, ERROR is saved with that reason, and the next call is refused alike`, async () => {
    const { save, ...refused } = await refusalOf(() => decide({}, { profile: withOrder(order) }));
    assert.deepEqual(refused, { codes, check });
    const [change, event, session] = save;
    assert.deepEqual(session, { session: refusedForProfile });
    assert.ok(change !== undefined && 'profile' in change && change.profile.state === 'ERROR');
    assert.equal(`${change.profile.reason.subjectCode}/${change.profile.reason.reasonCode}`, codes);
    assert.ok(event !== undefined && 'event' in event && event.event.point === 1);
    const again = await refusalOf(() => decide({}, { profile: change.profile }));
    assert.deepEqual(again, { codes, check: 'orderReady', save: [{ session: refusedForProfile }] });
  });

test('certificates that were replaced since end the session, by a check of their own', async () => {
  const refused = await refusalOf(() => decide({}, {}, { ...env, certificates: [] }));
  assert.deepEqual(refused, {
    codes: '8.10.1/3.9',
    check: 'certificatesKept',
    save: [{ session: refusedForProfile }],
  });
});

const waitingFor = (iccid: string, more: Partial<Released> = {}): Released => ({
  ...withOrder({ eid, matchingId: parseMatchingId('') }),
  iccid: parseIccid(iccid),
  ...more,
});

/** What a phone without a MatchingID is offered of these orders for its EID. */
const decideByEid = (...profiles: readonly Profile[]) =>
  authenticateClient.decide(
    authenticateRequest({ matchingId: '' }),
    { session: undefined, profiles, uses: [] },
    env,
  );

test('a phone that cannot take the first order of its EID is offered the next, and the refused attempt counts too', async () => {
  const needy = waitingFor('8900101000000000027', { needs: { bytes: 1, capabilities: [3] } });
  const next = waitingFor('8900101000000000035');
  const decision = await decideByEid(needy, next);
  assert.ok('reply' in decision);
  const profiles = decision.save.flatMap((change) => ('profile' in change ? [change.profile] : []));
  assert.deepEqual(
    profiles.map(({ iccid, state, ...rest }) => [
      iccid,
      state,
      'order' in rest && rest.order.downloadAttemptsLeft,
    ]),
    [
      [needy.iccid, 'RELEASED', 8],
      [next.iccid, 'RELEASED', 8],
    ],
  );
  const events = decision.save.flatMap((change) => ('event' in change ? [change.event] : []));
  assert.deepEqual(
    events.map(({ type, iccid, reason }) => [type, iccid, reason?.subjectCode]),
    [
      ['download.checked', needy.iccid, '8.2.5'],
      ['download.checked', next.iccid, undefined],
    ],
  );
});

test('an expired order of an EID does not hide the next one, and ends', async () => {
  const expired = waitingFor('8900101000000000027');
  const order = { ...expired.order, expiresAt: 1 };
  const decision = await decideByEid({ ...expired, order }, waitingFor('8900101000000000035'));
  assert.ok('reply' in decision);
  const [first] = decision.save;
  assert.ok(first !== undefined && 'profile' in first && first.profile.state === 'ERROR');
});

test('a phone that can take no order of its EID hears why not the first, and each attempt counts', async () => {
  const needy = waitingFor('8900101000000000027', { needs: { bytes: 1, capabilities: [3, 19] } });
  const large = waitingFor('8900101000000000035', { needs: { bytes: 9_999_999, capabilities: [] } });
  const decision = await decideByEid(needy, large);
  assert.ok('refusal' in decision);
  assert.match(decision.refusal.message, /^8\.2\.5\/4\.3: .*: csim, ber-tlv$/);
  const left = decision.save.flatMap((change) =>
    'profile' in change && change.profile.state === 'RELEASED'
      ? [change.profile.order.downloadAttemptsLeft]
      : [],
  );
  assert.deepEqual(left, [8, 8]);
});

/** What `load` asks a store for. */
async function lookups(facts: AuthenticateFacts): Promise<string[]> {
  const asked: string[] = [];
  const record = (what: string) => async (key: string) => {
    asked.push(`${what} ${key}`);
    return undefined;
  };
  const reader = {
    session: async () => undefined,
    profileByMatchingId: record('MatchingID'),
    profilesWaitingFor: async (key: string) => {
      asked.push(`EID ${key}`);
      return [released];
    },
  } as unknown as Reader;
  const found = await authenticateClient.load(authenticateRequest(facts), reader, 0);
  assert.equal(found.session, undefined);
  return asked;
}

test('the profile is looked up by its MatchingID, or by the EID of the certificate if there is none', async () => {
  assert.deepEqual(await lookups({ matchingId: parseMatchingId('ABC') }), ['MatchingID ABC']);
  assert.deepEqual(await lookups({ matchingId: '' }), [`EID ${eid}`]);
});
