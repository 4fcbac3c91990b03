import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '@esim-rsp/sgp22/status';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import { NEVER, type Operation } from '../state/gateway/operation.ts';
import type { CallOutcome } from '../state/gateway/outcome.ts';
import { orderOf, type Profile } from '../state/profile.ts';
import { orderOfTypeAnywhere } from './anywhere.ts';
import { endCall } from './endCall.ts';
import { settleOperation } from './settleOperation.ts';
import { rulesOf } from './testing/world.harness.ts';

const NOW = 1_800_000_000_000;
const iccid = parseIccid('8988201000000000011');
const eid = parseEid('89049032123451234512345678901235');
const account = 'lab';
const from = { upstream: 'vendor', vendorType: 'VENDOR-1', keepReady: 0, batch: 1, readyDays: 0 };
const lost: CallOutcome = { kind: 'unknown', fault: { message: 'no response in time' } };
const chose = (named: string = iccid): CallOutcome => ({ kind: 'executed', answer: { iccid: named } });
const confirmed: CallOutcome = { kind: 'executed', answer: { matchingId: 'aZ-theirs' } };

const env = {
  now: NOW,
  caller: { keyId: 'key' },
  random: (length: number) => new Uint8Array(length).fill(7),
  smdpAddress: 'rsp.example.com',
  limits: { downloadAttempts: 10, confirmationCodeAttempts: 5 },
} as unknown as Env;

/** What is stored of one order of a type, and of profiles. */
class World {
  operation: Operation;
  readonly profiles = new Map<Iccid, Profile>();
  readonly events: string[] = [];
  isReserved = false;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  get reader(): Reader {
    return {
      operation: async () => this.operation,
      profile: async (one: Iccid) => this.profiles.get(one),
      reservedForOthers: async () => (this.isReserved ? [{ first: iccid, last: iccid }] : []),
    } as Partial<Reader> as Reader;
  }

  save(changes: readonly Change[]): void {
    for (const change of changes) {
      if ('profile' in change) {
        const { profile } = change;
        assert.equal(profile.version, this.profiles.get(profile.iccid)?.version ?? 0);
        this.profiles.set(profile.iccid, { ...profile, version: profile.version + 1 });
      }
      if ('operation' in change)
        this.operation = { ...change.operation, version: change.operation.version + 1 };
      if ('event' in change) this.events.push(change.event.type);
    }
  }

  claim(): void {
    const { operation } = this;
    const state = operation.state === 'waiting' ? 'sent' : 'unknown';
    const lease = { node: 'one', until: NOW + 60_000 };
    this.operation = { ...operation, state, lease, lastAttemptAt: NOW, attempts: operation.attempts + 1 };
  }

  async end(outcome: CallOutcome, repeatsAnswers = true): Promise<Operation> {
    const { id, version } = this.operation;
    const request = { id, version, outcome, upstream: { repeatsAnswers, smdpAddress: 'usual.example.com' } };
    const found = await endCall.load(request, this.reader, 0);
    this.save((await endCall.decide(request, found, env)).save);
    return this.operation;
  }

  async settle(outcome: 'done' | 'not_done', answer: object = {}): Promise<Operation> {
    const request = { id: this.operation.id, outcome, answer };
    const found = await settleOperation.load(request, this.reader, 0);
    this.save((await settleOperation.decide(request, found, env)).save);
    return this.operation;
  }
}

const none = { stock: [], typeKnown: false, rules: new Map([['vendor', rulesOf()]]) };

async function ordering(terms: object = {}): Promise<World> {
  const request = { account, profileType: 'travel', release: true, confirm: true, ...terms };
  const decision = await orderOfTypeAnywhere.decide(request, { ...none, from }, env);
  assert.ok('reply' in decision && decision.reply.operation !== undefined);
  assert.equal(decision.reply.profile, undefined);
  const world = new World(decision.reply.operation);
  world.save(decision.save);
  world.claim();
  return world;
}

const profileIn = ({ profiles }: World) => profiles.get(iccid) ?? assert.fail('there is no profile');
const refusesWith = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message);

test('an order of a type that comes from an upstream is saved first, and the profile exists from its answer on', async () => {
  const world = await ordering({ eid });
  const { profileType, iccid: named, terms, upstream } = world.operation;
  assert.deepEqual(
    [profileType, named, upstream, terms],
    ['travel', undefined, 'vendor', { eid, release: true, vendorType: 'VENDOR-1' }],
  );
  assert.equal(world.profiles.size, 0);
  const next = await world.end(chose(`${iccid}F`));
  assert.deepEqual([next.state, next.step, next.iccid], ['sent', 1, iccid]);
  const linked = profileIn(world);
  assert.deepEqual(
    [linked.state, linked.imsi, linked.upstream, linked.profileType, linked.operation],
    ['LINKED', '', 'vendor', 'travel', next.id],
  );
  assert.equal((await world.end(confirmed)).state, 'done');
  assert.deepEqual(
    [profileIn(world).state, orderOf(profileIn(world))?.matchingId],
    ['RELEASED', 'aZ-theirs'],
  );
  assert.deepEqual(world.events, [
    'profile.created',
    'profile.ordered',
    'profile.released',
    'operation.done',
  ]);
});

test('an order that is reserved only is done with the answer that names the profile', async () => {
  const world = await ordering({ confirm: false, release: false });
  assert.equal((await world.end(chose())).state, 'done');
  assert.deepEqual([profileIn(world).state, profileIn(world).operation], ['ALLOCATED', undefined]);
});

test('an ICCID that exists already, or is reserved for others, ends the order, is named, and changes nothing', async () => {
  const other = await ordering();
  await other.end(chose());
  const before = profileIn(other);
  for (const members of [{}, { account: 'another' }, { upstream: 'second' }, { state: 'AVAILABLE' }]) {
    const world = await ordering();
    const existing = { ...before, ...members } as Profile;
    world.profiles.set(iccid, existing);
    const end = await world.end(chose());
    assert.deepEqual([end.state, end.iccid, end.terms], ['failed', undefined, undefined]);
    assert.match(end.fault?.message ?? '', new RegExp(`${iccid}, which exists`));
    assert.equal(profileIn(world), existing);
    assert.deepEqual(world.events, []);
  }
  const reserved = await ordering();
  reserved.isReserved = true;
  const end = await reserved.end(chose());
  assert.equal(end.state, 'failed');
  assert.match(end.fault?.message ?? '', new RegExp(`${iccid}, which is not available`));
  assert.equal(reserved.profiles.size, 0);
});

test('a profile that is in stock at both after a cancelled order is the one of a new order', async () => {
  const first = await ordering();
  await first.end(chose());
  const { operation: _ended, ...before } = profileIn(first);
  const world = await ordering();
  world.profiles.set(iccid, { ...before, state: 'AVAILABLE' } as Profile);
  await world.end(chose());
  assert.equal((await world.end(confirmed)).state, 'done');
  assert.equal(profileIn(world).state, 'RELEASED');
  assert.equal(world.events[0], 'profile.ordered');
});

test('an unknown outcome is repeated only if the vendor repeats its answers', async () => {
  const repeats = await ordering();
  assert.equal((await repeats.end(lost)).nextAttemptAt, NOW + 1000);
  repeats.claim();
  assert.equal((await repeats.end(chose())).iccid, iccid);
  const world = await ordering();
  const { state, nextAttemptAt } = await world.end(lost, false);
  assert.deepEqual([state, nextAttemptAt], ['unknown', NEVER]);
});

test('"already in that state" says nothing about an order of a type', async () => {
  const world = await ordering();
  await world.end(lost);
  world.claim();
  const fault = { subjectCode: '8.2.1', reasonCode: '3.3', message: 'no' };
  assert.equal((await world.end({ kind: 'refused', fault })).state, 'refused');
  assert.equal(world.profiles.size, 0);
});

test('an answer without a valid ICCID is unknown until an admin settles it', async () => {
  for (const answer of [{}, { iccid: '89' }]) {
    const world = await ordering();
    const { state, nextAttemptAt } = await world.end({ kind: 'executed', answer });
    assert.deepEqual([state, nextAttemptAt], ['unknown', NEVER]);
  }
});

test('an admin settles it with the ICCID that the vendor names, or as not done', async () => {
  const world = await ordering();
  await world.end(lost, false);
  await assert.rejects(world.settle('done'), refusesWith(/send the ICCID/));
  const settled = await world.settle('done', { iccid });
  assert.deepEqual([settled.state, settled.step, settled.iccid], ['waiting', 1, iccid]);
  assert.equal(profileIn(world).state, 'ALLOCATED');
  const other = await ordering();
  await other.end(lost, false);
  other.profiles.set(iccid, profileIn(world));
  await assert.rejects(other.settle('done', { iccid }), refusesWith(/exists here already/));
  assert.equal((await other.settle('not_done')).state, 'refused');
  assert.deepEqual(other.events, []);
});

test('what ES2+ cannot express is refused before anything is sent', async () => {
  await assert.rejects(ordering({ reusable: true }), refusesWith(/order a profile for each/));
  await assert.rejects(ordering({ matchingId: '' }), refusesWith(/needs one/));
});
