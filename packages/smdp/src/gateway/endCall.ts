import { reasons, type StatusCode, subjects } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { type Change, moveProfile, recordEvent, recordTransition } from '../state/change.ts';
import { bySystem, byUser, type Cause, type EventType } from '../state/event.ts';
import {
  type CallFault,
  functionOf,
  NEVER,
  type Operation,
  type OperationId,
} from '../state/gateway/operation.ts';
import type { CallAnswer, CallOutcome } from '../state/gateway/outcome.ts';
import { linkedOrderOf } from '../state/install-link.ts';
import type { Profile } from '../state/profile.ts';
import { reserve } from '../state/transitions.ts';
import { afterCall } from './after-call.ts';
import { withoutExpiry } from './endTermAnywhere.ts';
import { adoptChosen, type ChosenProfile, findChosen, whyNotChosen } from './order-of-type.ts';
import { retireReplaced } from './replaceAnywhere.ts';

export type EndCallRequest = {
  readonly id: OperationId;
  /** Of the operation when the call was made: if it is another one now, somebody else makes the call. */
  readonly version: number;
  readonly outcome: CallOutcome;
  readonly upstream: {
    /** Whether it answers a repeated functionCallIdentifier as the first time. */
    readonly repeatsAnswers: boolean;
    /** The SM-DP+ that serves its downloads, unless an answer names another. */
    readonly smdpAddress: string;
  };
};

export type FoundOperation = {
  readonly operation: Operation | undefined;
  readonly profile: Profile | undefined;
  /** What the upstream has chosen for an order of a type. */
  readonly chosen?: ChosenProfile | undefined;
  /** The Profile whose place the other one takes. */
  readonly replaced?: Profile | undefined;
};

/**
 * Decides what the outcome of a call means, and saves it: the Profile, its event, and how the operation continues, all or nothing. The reply is the
 * operation; it is `sent` if its next call is to be made now.
 */
export const endCall: ProtocolFunction<EndCallRequest, FoundOperation, Operation | undefined> = {
  load: ({ id, outcome }, reader) =>
    findOperation(id, outcome.kind === 'executed' ? outcome.answer : {}, reader),
  decide: (request, { operation, ...subject }, env) => {
    if (operation === undefined || operation.version !== request.version)
      return { reply: operation, save: [] };
    const isGone = operation.iccid !== undefined && subject.profile?.operation !== operation.id;
    if (isGone) return decided(refuseOperation(operation, { ...subject, profile: undefined }, DELETED, env));
    return decided(endWith(request, operation, subject, env));
  },
};

const DELETED: CallFault = { message: 'the profile was deleted' };

/** `answer`: names the Profile of an order of a type. */
export async function findOperation(
  id: OperationId,
  answer: CallAnswer,
  reader: Reader,
): Promise<FoundOperation> {
  const operation = await reader.operation(id);
  const { iccid, terms } = operation ?? {};
  const replaced = terms?.replaces === undefined ? undefined : await reader.profile(terms.replaces);
  if (iccid !== undefined) return { operation, profile: await reader.profile(iccid), replaced };
  const chosen = operation && (await findChosen(operation, answer, reader));
  return { operation, profile: undefined, chosen, replaced };
}

/** What a call is about: a Profile, or of an order of a type, the one that the upstream has chosen. */
export type Subject = Omit<FoundOperation, 'operation'>;

/** The operation as it continues, and what is saved with it. */
export type Continued = { readonly operation: Operation; readonly save: readonly Change[] };

export function decided({ operation, save }: Continued): Decision<Operation> {
  return { reply: operation, save: [...save, { operation }] };
}

function endWith(
  { outcome, upstream: { repeatsAnswers, smdpAddress } }: EndCallRequest,
  operation: Operation,
  subject: Subject,
  env: Env,
): Continued {
  const { profile } = subject;
  switch (outcome.kind) {
    case 'executed':
      return succeed(operation, subject, { ...outcome, answer: { smdpAddress, ...outcome.answer } }, env);
    case 'refused':
      return isAlreadyDone(operation, outcome.fault)
        ? succeed(operation, subject, { answer: { smdpAddress }, warning: outcome.fault }, env)
        : refuseOperation(operation, notExpiring(operation, subject), outcome.fault, env);
    case 'notSent':
      return tryLater(operation, subject, outcome, env);
    case 'unknown': {
      const mayRepeat = operation.iccid !== undefined || repeatsAnswers;
      return becomeUnknown(operation, profile, outcome.fault, { mayRepeat, env });
    }
    default:
      throw new Error(`no outcome is called ${outcome satisfies never}`);
  }
}

/**
 * Of a repeated call: the refusal says that the Profile is in the state that the call leads to. An upstream that did nothing the first time would
 * not say so. An order of a type has no Profile yet.
 */
function isAlreadyDone({ state, iccid }: Operation, { subjectCode, reasonCode }: CallFault): boolean {
  if (iccid === undefined) return false;
  return state === 'unknown' && subjectCode === '8.2.1' && (reasonCode === '3.3' || reasonCode === '3.5');
}

type Executed = { readonly answer: CallAnswer; readonly warning?: CallFault };

/** The present call was done. An order of a type is one of a Profile from then on. */
export function succeed(
  operation: Operation,
  { profile, chosen, replaced }: Subject,
  executed: Executed,
  env: Env,
): Continued {
  if (profile !== undefined) return continueWith(operation, { profile, replaced }, executed, env);
  const unusable = (message: string) => ({ ...executed.warning, message });
  if (chosen === undefined) {
    const fault = unusable('the upstream has done it, and has named no ICCID');
    return becomeUnknown(operation, undefined, fault, { mayRepeat: false, env });
  }
  const why = whyNotChosen(chosen, operation);
  if (why !== undefined) return failOperation(operation, replaced, unusable(why), env);
  const adopted = adoptChosen(chosen, operation, causeOf(operation, env), env);
  const continued = continueWith(adopted.operation, { profile: adopted.profile, replaced }, executed, env);
  return { ...continued, save: [...adopted.save, ...continued.save] };
}

/** The Profile comes to its new state, and the next call follows. */
function continueWith(
  operation: Operation,
  { profile, replaced }: Subject & { readonly profile: Profile },
  { answer, warning }: Executed,
  env: Env,
): Continued {
  const after = afterCall(operation, profile, answer, env);
  if ('problem' in after)
    return becomeUnknown(
      operation,
      profile,
      { ...warning, message: after.problem },
      { mayRepeat: false, env },
    );
  const isLast = operation.step === operation.calls.length - 1;
  const cause = causeOf(operation, env);
  if (!isLast) {
    const save = after.profile === profile ? [{ profile }] : moveProfile(profile, after.profile, cause);
    return { operation: nextCall(operation, env), save };
  }
  const free = withoutOperation(after.profile);
  const ended = { ...endOf(operation, env), state: 'done' as const };
  return {
    operation: warning === undefined ? ended : { ...ended, fault: warning },
    save: [
      ...moveProfile(profile, free, cause),
      ...followLinks(operation, free, env),
      ...retire(replaced, operation, free, env),
      eventOf('operation.done', operation, free, env),
    ],
  };
}

/** Links to the order that this one is in the place of lead to it. */
function followLinks({ terms }: Operation, profile: Profile, { now }: Env): readonly Change[] {
  if (terms?.follows === undefined) return [];
  return [{ installLink: { from: terms.follows, to: linkedOrderOf(profile), at: now } }];
}

/** The Profile in whose place there is another one now. */
function retire(
  replaced: Profile | undefined,
  operation: Operation,
  { iccid }: Profile,
  env: Env,
): readonly Change[] {
  if (replaced?.operation !== operation.id) return [];
  const { replaces: _other, ...cause } = causeOf(operation, env);
  const { caller } = operation;
  return retireReplaced(replaced, { ...cause, replacedBy: iccid }, { ...env, ...(caller && { caller }) });
}

/** The upstream has done an order of a type, but the Profile that it has chosen cannot be the one of the order. */
function failOperation(
  operation: Operation,
  replaced: Profile | undefined,
  fault: CallFault,
  env: Env,
): Continued {
  return {
    operation: { ...endOf(operation, env), state: 'failed', fault },
    save: keepReplaced(operation, replaced),
  };
}

/** The upstream has refused: the operation ends, and its Profiles stay as they are. */
export function refuseOperation(
  operation: Operation,
  { profile, replaced }: Subject,
  fault: CallFault,
  env: Env,
): Continued {
  const ended = { ...endOf(operation, env), state: 'refused' as const, fault };
  const kept = keepReplaced(operation, replaced);
  if (profile === undefined) return { operation: ended, save: kept };
  const free = behindOthers(withoutOperation(asAtUpstream(operation, profile, env)), env);
  const event = eventOf('operation.refused', operation, free, env, fault);
  const moved = recordTransition(profile, free, causeOf(operation, env));
  return { operation: ended, save: [{ profile: free }, ...kept, ...moved, event] };
}

/** An order ahead that is reserved there, and not confirmed, is ALLOCATED at both. */
function asAtUpstream({ kind, step }: Operation, profile: Profile, { now }: Env): Profile {
  if (kind !== 'reserve' || step === 0 || profile.state !== 'AVAILABLE') return profile;
  return reserve(profile, undefined, Math.floor(now / 1000));
}

/** Orders of its type take the others in stock first: what an upstream does not have would stop all of them otherwise. */
function behindOthers(profile: Profile, { now }: Env): Profile {
  return profile.state === 'AVAILABLE' ? { ...profile, changedAt: Math.floor(now / 1000) } : profile;
}

/** No other Profile takes its place. */
function keepReplaced({ id }: Operation, replaced: Profile | undefined): readonly Change[] {
  return replaced?.operation === id ? [{ profile: withoutOperation(replaced) }] : [];
}

function withoutOperation({ operation: _ended, ...profile }: Profile): Profile {
  return profile as Profile;
}

/** An upstream that does not cancel an expired order keeps it: it does not expire, and is not requested to again. */
function notExpiring({ kind }: Operation, subject: Subject): Subject {
  const { profile } = subject;
  const isKept = kind === 'expire' && profile?.state === 'RELEASED';
  return isKept ? { ...subject, profile: withoutExpiry(profile) } : subject;
}

const DAY_MS = 86_400_000;

/** Nothing was sent. An operation that was never sent within a day ends. */
function tryLater(
  operation: Operation,
  subject: Subject,
  { fault, retryAfter }: { readonly fault: CallFault; readonly retryAfter?: number },
  env: Env,
): Continued {
  const wasNeverSent = operation.state === 'sent';
  if (wasNeverSent && env.now - operation.requestedAt > DAY_MS)
    return refuseOperation(operation, subject, fault, env);
  const delay = Math.max(delayOf(operation, wasNeverSent ? 60 : 300), Math.min(retryAfter ?? 0, 3600) * 1000);
  const state = wasNeverSent ? 'waiting' : 'unknown';
  const later = { ...withoutLease(operation), state, fault, nextAttemptAt: env.now + delay } as const;
  return { operation: later, save: [] };
}

/** The call may have been done. It is reported once. */
function becomeUnknown(
  operation: Operation,
  profile: Profile | undefined,
  fault: CallFault,
  { mayRepeat, env }: { readonly mayRepeat: boolean; readonly env: Env },
): Continued {
  const nextAttemptAt = mayRepeat ? env.now + delayOf(operation, 300) : NEVER;
  const unknown = { ...withoutLease(operation), state: 'unknown' as const, fault, nextAttemptAt };
  if (operation.state === 'unknown' || profile === undefined) return { operation: unknown, save: [] };
  return {
    operation: unknown,
    save: [{ unchanged: profile }, eventOf('operation.unknown', operation, profile, env, fault)],
  };
}

/** 1, 2, 4 … seconds, at most `most`. */
function delayOf({ attempts }: Operation, most: number): number {
  return Math.min(2 ** Math.max(0, attempts - 1), most) * 1000;
}

function nextCall(operation: Operation, { now }: Env): Operation {
  const { fault: _fault, lease, ...kept } = operation;
  const next = { ...kept, step: operation.step + 1, nextAttemptAt: now };
  if (lease === undefined) return { ...next, state: 'waiting', attempts: 0 };
  const until = now + lease.until - (operation.lastAttemptAt ?? now);
  return { ...next, state: 'sent', attempts: 1, lastAttemptAt: now, lease: { ...lease, until } };
}

function endOf(operation: Operation, { now }: Env): Omit<Operation, 'state'> {
  const { terms: _terms, fault: _fault, ...kept } = withoutLease(operation);
  return { ...kept, endedAt: now };
}

function withoutLease({ lease: _lease, ...operation }: Operation): Operation {
  return operation;
}

/** Who requested it. */
function causeOf({ id, caller, terms }: Operation, { now }: Env): Cause {
  const { replaces, replacedBy } = terms ?? {};
  return {
    ...(caller === undefined ? bySystem({ now }) : byUser({ now, caller })),
    operation: id,
    ...(replaces !== undefined && { replaces }),
    ...(replacedBy !== undefined && { replacedBy }),
  };
}

function eventOf(
  type: EventType,
  operation: Operation,
  profile: Profile,
  env: Env,
  fault?: CallFault,
): Change {
  const reason = fault && reasonOf(fault);
  return recordEvent(
    type,
    {
      from: profile,
      to: profile,
      ...(reason !== undefined && { reason }),
      ...(fault !== undefined && reason === undefined && { message: textOf(operation, fault) }),
    },
    causeOf(operation, env),
  );
}

/** The codes of an upstream, if they are those of the specification. */
function reasonOf({ subjectCode = '', reasonCode = '', message }: CallFault): StatusCode | undefined {
  if (!Object.hasOwn(subjects, subjectCode) || !Object.hasOwn(reasons, reasonCode)) return undefined;
  return { subjectCode, reasonCode, message } as StatusCode;
}

function textOf(operation: Operation, { subjectCode, reasonCode, message }: CallFault): string {
  const codes = subjectCode === undefined ? '' : ` (${subjectCode}/${reasonCode ?? ''})`;
  return `${functionOf(operation)}${codes}: ${message}`;
}
