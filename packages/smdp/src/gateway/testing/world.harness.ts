import assert from 'node:assert/strict';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../../env.ts';
import type { Decision } from '../../run.ts';
import type { Change } from '../../state/change.ts';
import { isOpen, type Operation } from '../../state/gateway/operation.ts';
import type { CallOutcome } from '../../state/gateway/outcome.ts';
import type { TakesBack, UpstreamRules } from '../../state/gateway/upstream-rules.ts';
import type { InstallLinkChange } from '../../state/install-link.ts';
import type { Order } from '../../state/order.ts';
import type { Profile } from '../../state/profile.ts';
import { endCall } from '../endCall.ts';
import { endTermAnywhere } from '../endTermAnywhere.ts';
import type { RequestedOfType } from '../new-operation.ts';

/** What is stored of profiles of an upstream and of one operation, for tests of what requests and answers make of them. */

export const NOW = 1_800_000_000_000;
export const iccid = parseIccid('8988201000000000011');
export const other = parseIccid('8988201000000000029');
export const eid = parseEid('89049032123451234512345678901235');
export const account = 'lab';

export const done: CallOutcome = { kind: 'executed', answer: {} };
export const lost: CallOutcome = { kind: 'unknown', fault: { message: 'no response in time' } };
export const down: CallOutcome = { kind: 'notSent', fault: { message: 'the connection was refused' } };
export const refusal = (subjectCode: string, reasonCode: string): CallOutcome => ({
  kind: 'refused',
  fault: { subjectCode, reasonCode, message: 'no' },
});
export const confirmed = (matchingId = 'aZ-theirs'): CallOutcome => ({
  kind: 'executed',
  answer: { matchingId, smdpAddress: 'rsp.vendor.example.com' },
});

export const rulesOf = (takesBack: TakesBack = 'until_download'): UpstreamRules => ({
  name: 'vendor',
  dialect: { takesBack, statusCall: 'none', repeatsAnswers: true },
});

/** The clock of the tests. */
export const clock = { now: NOW };

let operations = 0;
/** Operations have different ids (10 octets), and everything else is the same each time. */
const random = (length: number) => new Uint8Array(length).fill(length === 10 ? operations++ : 7);

/** `caller`: a user, or this SM-DP+ itself. */
export const envOf = (caller: 'user' | 'system' = 'user'): Env =>
  ({
    now: clock.now,
    ...(caller === 'user' && { caller: { keyId: 'key' } }),
    random,
    smdpAddress: 'rsp.example.com',
    limits: { downloadAttempts: 10, confirmationCodeAttempts: 5 },
  }) as unknown as Env;

export const inStock = {
  iccid,
  account,
  upstream: 'vendor',
  imsi: '',
  metadata: new Uint8Array(),
  protection: 'session_keys',
  changedAt: 1,
  version: 1,
  state: 'AVAILABLE',
} as const satisfies Profile;

export class World {
  readonly profiles = new Map<Iccid, Profile>();
  readonly main: Iccid;
  /** The last one, or the one that it has led to. */
  operation: Operation | undefined;
  readonly events: string[] = [];
  readonly links: InstallLinkChange[] = [];

  constructor(profile: Profile, ...others: readonly Profile[]) {
    this.main = profile.iccid;
    for (const one of [profile, ...others]) this.profiles.set(one.iccid, one);
  }

  get profile(): Profile {
    return this.of(this.main);
  }

  of(id: Iccid): Profile {
    return this.profiles.get(id) ?? assert.fail(`there is no profile ${id}`);
  }

  save(changes: readonly Change[]): void {
    const saved: Operation[] = [];
    for (const change of changes) {
      if ('profile' in change) {
        const { profile } = change;
        this.profiles.set(profile.iccid, { ...profile, version: profile.version + 1 });
      }
      if ('operation' in change) saved.push({ ...change.operation, version: change.operation.version + 1 });
      if ('event' in change) this.events.push(change.event.type);
      if ('installLink' in change) this.links.push(change.installLink);
    }
    this.operation = saved.find(isOpen) ?? saved.at(-1) ?? this.operation;
  }

  accept(decision: Decision<RequestedOfType>): void {
    if ('refusal' in decision) throw decision.refusal;
    this.save(decision.save);
  }

  /** What is loaded for the operation. */
  found() {
    const { operation } = this;
    const read = (id: Iccid | undefined) => (id === undefined ? undefined : this.profiles.get(id));
    return { operation, profile: read(operation?.iccid), replaced: read(operation?.terms?.replaces) };
  }

  claim(): void {
    const operation = this.operation ?? assert.fail('there is no operation');
    const state = operation.state === 'waiting' ? 'sent' : 'unknown';
    const lease = { node: 'one', until: clock.now + 60_000 };
    this.operation = {
      ...operation,
      state,
      lease,
      lastAttemptAt: clock.now,
      attempts: operation.attempts + 1,
    };
  }

  async end(outcome: CallOutcome, repeatsAnswers = true): Promise<Operation> {
    const operation = this.operation ?? assert.fail('there is no operation');
    const upstream = { repeatsAnswers, smdpAddress: 'usual.vendor.example.com' };
    const request = { id: operation.id, version: operation.version, outcome, upstream };
    const decision = await endCall.decide(request, this.found(), envOf());
    this.save(decision.save);
    return this.operation as Operation;
  }

  /** What happens to the profile by itself at this time. */
  async endTerm(rules: UpstreamRules | undefined = rulesOf('always')): Promise<void> {
    const found = { profile: this.profile, content: undefined };
    const decision = await endTermAnywhere.decide({ iccid: this.main }, { found, rules }, envOf('system'));
    this.save(decision.save);
  }
}

/** The order of a profile that is RELEASED, and for which nothing else is requested. */
export function orderIn({ profile }: { readonly profile: Profile }): Order {
  assert.ok(profile.state === 'RELEASED' && profile.operation === undefined, profile.state);
  return profile.order;
}
