import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '@esim-rsp/sgp22/status';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import { retireProfile } from '../order/lifecycle.ts';
import { purgeProfile } from '../order/purgeProfile.ts';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import type { Operation, TypeAtUpstream } from '../state/gateway/operation.ts';
import type { CallOutcome } from '../state/gateway/outcome.ts';
import type { UpstreamRules } from '../state/gateway/upstream-rules.ts';
import type { ReusePolicy, ReuseType } from '../state/order.ts';
import { orderOf, type Profile, readyOf, type Stocked } from '../state/profile.ts';
import { cancelAnywhere, orderAnywhere, orderOfTypeAnywhere } from './anywhere.ts';
import { endCall } from './endCall.ts';
import { reserveAhead } from './reserveAhead.ts';
import { rulesOf } from './testing/world.harness.ts';

const rules = rulesOf();

const NOW = 1_800_000_000_000;
const iccid = parseIccid('8988201000000000011');
const eid = parseEid('89049032123451234512345678901235');
const account = 'lab';
const type = { upstream: 'vendor', vendorType: 'VENDOR-1', keepReady: 5, batch: 5, readyDays: 0 };
const request = { account, profileType: 'travel', release: true, confirm: true };
const env = {
  now: NOW,
  random: (length: number) => new Uint8Array(length).fill(7),
  smdpAddress: 'rsp.example.com',
  limits: { downloadAttempts: 10, confirmationCodeAttempts: 5 },
} as unknown as Env;

const inStock: Stocked = {
  iccid,
  account,
  upstream: 'vendor',
  profileType: 'travel',
  imsi: '',
  metadata: new Uint8Array(),
  protection: 'session_keys',
  changedAt: 1,
  version: 1,
  state: 'AVAILABLE',
};
const theirs = { matchingId: 'aZ-theirs' as never, smdpAddress: 'rsp.vendor.example.com' };
const ready: Stocked = { ...inStock, ready: { ...theirs, releasedAt: NOW / 1000 } };

/** Those of one type, oldest first, as `most` shows them. */
const readerOf = (
  stock: readonly Profile[],
  from?: TypeAtUpstream,
  rulesAt: Record<string, UpstreamRules> = { vendor: rules },
) =>
  ({
    availableOfType: async (_account: string, _type: string, most: number) => stock.slice(0, most),
    upstream: async (_account: string, name: string) => rulesAt[name],
    upstreamOfType: async () => from,
    template: async () => undefined,
    knowsType: async () => false,
  }) as Partial<Reader> as Reader;

async function orderFrom(
  stock: readonly Profile[],
  terms: object = {},
  from?: TypeAtUpstream,
  rulesAt?: Record<string, UpstreamRules>,
) {
  const wanted = { ...request, ...terms };
  const found = await orderOfTypeAnywhere.load(wanted, readerOf(stock, from, rulesAt), 0);
  const decision = await orderOfTypeAnywhere.decide(wanted, found, env);
  if ('refusal' in decision) throw decision.refusal;
  return decision;
}

const callsIn = (decision: { readonly reply: { readonly operation?: Operation } }) =>
  decision.reply.operation?.calls;
const refusesWith = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message);
const eventsIn = (save: readonly Change[]) => save.flatMap((one) => ('event' in one ? one.event.type : []));
const ORDER = ['downloadOrder', 'confirmOrder'];

/** What an order ahead has made of a profile after these outcomes. */
async function reserved(stock: readonly Profile[], outcomes: readonly CallOutcome[]) {
  const wanted = { account, profileType: 'travel', ...type };
  const accepted = await reserveAhead.decide(wanted, stock, env);
  assert.ok('reply' in accepted && accepted.reply !== undefined);
  let operation: Operation = { ...accepted.reply, version: 1, state: 'sent' };
  let profile = accepted.save.flatMap((one) => ('profile' in one ? one.profile : []))[0];
  const events: string[] = [];
  for (const outcome of outcomes) {
    const upstream = { repeatsAnswers: true, smdpAddress: 'usual.example.com' };
    const call = { id: operation.id, version: operation.version, outcome, upstream };
    const reader = {
      operation: async () => operation,
      profile: async () => profile,
      reservedForOthers: async () => [],
    } as Partial<Reader> as Reader;
    const decision = await endCall.decide(call, await endCall.load(call, reader, 0), env);
    for (const change of decision.save) {
      if ('profile' in change) profile = change.profile;
      if ('operation' in change) operation = change.operation;
    }
    events.push(...eventsIn(decision.save));
  }
  return { operation, profile: profile ?? assert.fail('there is no profile'), events };
}

const chose: CallOutcome = { kind: 'executed', answer: { iccid } };
const confirmed: CallOutcome = { kind: 'executed', answer: theirs };
const refused: CallOutcome = {
  kind: 'refused',
  fault: { subjectCode: '8.2.1', reasonCode: '3.3', message: 'no' },
};

test('an order ahead leaves its profile in stock, with the codes of the vendor for the next order', async () => {
  const { operation, profile, events } = await reserved([], [chose, confirmed]);
  assert.deepEqual([operation.kind, operation.state, operation.calls], ['reserve', 'done', ORDER]);
  assert.deepEqual(readyOf(profile), { ...theirs, releasedAt: NOW / 1000 });
  assert.equal(profile.operation, undefined);
  assert.deepEqual(events, ['profile.created', 'operation.done']);
});

test('it is one of a profile that is in stock, if the upstream has one that is not ready', async () => {
  const { operation, profile } = await reserved(
    [ready, { ...inStock, upstream: 'other' }, inStock],
    [{ kind: 'executed', answer: {} }, confirmed],
  );
  assert.deepEqual([operation.iccid, operation.profileType], [iccid, 'travel']);
  assert.equal(readyOf(profile)?.matchingId, 'aZ-theirs');
});

test('one that is not confirmed is ALLOCATED at both', async () => {
  const { operation, profile, events } = await reserved(
    [inStock],
    [{ kind: 'executed', answer: {} }, refused],
  );
  assert.deepEqual([operation.state, profile.state], ['refused', 'ALLOCATED']);
  assert.deepEqual(events, ['profile.ordered', 'operation.refused']);
  const first = await reserved([inStock], [refused]);
  assert.equal(first.profile.state, 'AVAILABLE');
});

test('an order of what is ready is done at once, with the MatchingID of the vendor', async () => {
  for (const decision of [
    await orderFrom([ready]),
    await orderAnywhere.decide({ ...request, iccid }, { found: ready, rules }, env),
  ]) {
    assert.ok('reply' in decision);
    const { profile, operation } = decision.reply;
    assert.equal(operation, undefined);
    assert.ok(profile?.state === 'RELEASED');
    assert.deepEqual(
      [profile.order.matchingId, profile.order.smdpAddress],
      [theirs.matchingId, theirs.smdpAddress],
    );
    assert.equal('ready' in profile, false);
    assert.deepEqual(eventsIn(decision.save), ['profile.ordered', 'profile.released']);
  }
});

const IN_A_MINUTE = NOW / 1000 + 60;
const reuse = (type: ReuseType) => ({ reusePolicy: { type, maxCount: 3, cooldownSeconds: 60 } });

test('an order with an expiry or a reuse policy takes what is ready where this server can end the order', async () => {
  const always = rulesOf('always');
  for (const [terms, at] of [
    [{ expiresAt: IN_A_MINUTE }, rules],
    [{ expiresAt: IN_A_MINUTE, ...reuse('SAME_MID') }, always],
    [reuse('NEW_EID_MID'), always],
    [reuse('NEVER'), rulesOf('never')],
  ] as const)
    for (const decision of [
      await orderFrom([ready], terms, type, { vendor: at }),
      await orderAnywhere.decide({ ...request, iccid, ...terms }, { found: ready, rules: at }, env),
    ]) {
      assert.ok('reply' in decision);
      const { profile, operation } = decision.reply;
      assert.ok(profile?.state === 'RELEASED' && operation === undefined, JSON.stringify(terms));
      const { matchingId, expiresAt, reusePolicy, reusesLeft } = profile.order;
      const policy = { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 };
      const wanted: { readonly expiresAt?: number; readonly reusePolicy?: ReusePolicy } = terms;
      const isReuse = wanted.reusePolicy?.type !== 'NEVER' && wanted.reusePolicy !== undefined;
      assert.deepEqual(
        { matchingId, expiresAt, reusePolicy, reusesLeft },
        {
          matchingId: theirs.matchingId,
          expiresAt: wanted.expiresAt,
          reusePolicy: isReuse ? wanted.reusePolicy : policy,
          reusesLeft: isReuse ? 3 : 0,
        },
      );
    }
  const past = { expiresAt: NOW / 1000 };
  await assert.rejects(orderFrom([ready], past, type), /has passed already/);
});

test('where the upstream does not let an order end so, what is ready stays, and the refusal is that of an order that calls', async () => {
  for (const [terms, takesBack, reason] of [
    [{ expiresAt: IN_A_MINUTE }, 'never', /takes no order back/],
    [reuse('SAME_MID'), 'until_download', /after its download/],
    [reuse('NEW_EID'), 'always', /which eUICC may not download/],
  ] as const) {
    const at = rulesOf(takesBack);
    const others = [{ ...inStock, iccid: parseIccid('8988201000000000099') }];
    for (const stock of [[ready], [ready, ...others], others])
      await assert.rejects(orderFrom(stock, terms, type, { vendor: at }), refusesWith(reason));
    await assert.rejects(
      async () => orderAnywhere.decide({ ...request, iccid, ...terms }, { found: ready, rules: at }, env),
      refusesWith(reason),
    );
  }
  const terms = { expiresAt: IN_A_MINUTE };
  await assert.rejects(orderFrom([ready], terms, undefined, {}), refusesWith(/was deleted/));
});

test('what is ready at one upstream leaves an order to others that can end it', async () => {
  const terms = { expiresAt: IN_A_MINUTE };
  const rulesAt = { vendor: rulesOf('never'), other: { ...rulesOf(), name: 'other' } };
  const elsewhere = { ...inStock, iccid: parseIccid('8988201000000000099'), upstream: 'other' };
  const readyThere: Stocked = { ...elsewhere, ready: { ...theirs, releasedAt: 1 } };
  const taken = await orderFrom([ready, readyThere], terms, { ...type, upstream: 'other' }, rulesAt);
  assert.deepEqual([taken.reply.profile?.iccid, taken.reply.operation], [elsewhere.iccid, undefined]);
  const listed = await orderFrom([ready, elsewhere], terms, { ...type, upstream: 'other' }, rulesAt);
  assert.deepEqual([listed.reply.operation?.iccid, callsIn(listed)], [elsewhere.iccid, ORDER]);
  const chosen = await orderFrom([ready], terms, { ...type, upstream: 'other', keepReady: 0 }, rulesAt);
  assert.deepEqual([chosen.reply.operation?.upstream, callsIn(chosen)], ['other', ORDER]);
  const { upstream: _upstream, ...own } = elsewhere;
  const here = await orderFrom([ready, own], terms, type, rulesAt);
  assert.deepEqual([here.reply.profile?.iccid, here.reply.profile?.state], [own.iccid, 'RELEASED']);
});

test('an order of another account is not done', async () => {
  const other = { ...request, iccid, account: 'other' };
  await assert.rejects(
    async () => orderAnywhere.decide(other, { found: ready, rules }, env),
    refusesWith(/no profile/),
  );
});

test('an order with terms leaves what is ready for others: one that is not ready, or one that the vendor chooses', async () => {
  const terms = { eid };
  const others = [{ ...inStock, iccid: parseIccid('8988201000000000099') }];
  const fromStock = await orderFrom([ready, ...others], terms, type);
  assert.deepEqual([fromStock.reply.operation?.iccid, callsIn(fromStock)], [others[0]?.iccid, ORDER]);
  const chosenThere = await orderFrom([ready], { confirmationCode: '1' }, type);
  assert.deepEqual([chosenThere.reply.operation?.iccid, callsIn(chosenThere)], [undefined, ORDER]);
});

test('the order of what is ready is taken back if there is nothing else, or it is named', async () => {
  assert.deepEqual(callsIn(await orderFrom([ready], { eid })), ['cancelOrder', ...ORDER]);
  assert.deepEqual(callsIn(await orderFrom([ready], { confirm: false })), ['cancelOrder', 'downloadOrder']);
  const decision = await orderAnywhere.decide(
    { ...request, iccid, matchingId: 'A' as never },
    { found: ready, rules },
    env,
  );
  assert.ok('reply' in decision);
  assert.deepEqual(callsIn(decision), ['cancelOrder', ...ORDER]);
});

test('what is ready is found behind others in stock', async () => {
  const decision = await orderFrom([inStock, ready], {}, type);
  assert.equal(decision.reply.profile?.state, 'RELEASED');
  const none = await orderFrom([inStock, ready], {}, { ...type, keepReady: 0 });
  assert.deepEqual(callsIn(none), ORDER);
});

test('what is ready is cancelled at the upstream, and not retired or deleted before', async () => {
  const wanted = { account, iccid };
  const decision = await cancelAnywhere.decide(
    { ...wanted, finalState: 'AVAILABLE' },
    { found: { profile: ready, content: undefined }, rules },
    env,
  );
  assert.ok('reply' in decision);
  assert.deepEqual(callsIn(decision), ['cancelOrder']);
  const found = { profile: ready, content: undefined };
  await assert.rejects(async () => retireProfile.decide(wanted, found, env), refusesWith(/cancel it first/));
  const purge = { ...wanted, history: 'keep', force: true } as const;
  await assert.rejects(async () => purgeProfile.decide(purge, ready, env), refusesWith(/cancel it first/));
});

test('a profile without an order is not cancelled', async () => {
  const found = { found: { profile: inStock, content: undefined }, rules };
  const wanted = { account, iccid, finalState: 'AVAILABLE' as const };
  await assert.rejects(async () => cancelAnywhere.decide(wanted, found, env), refusesWith(/has an order/));
  assert.equal(orderOf(inStock), undefined);
});
