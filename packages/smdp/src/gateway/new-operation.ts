import { toHex } from '@esim-rsp/codec';
import { must } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Change } from '../state/change.ts';
import type { Operation, OperationId, TypeAtUpstream } from '../state/gateway/operation.ts';
import type { Profile } from '../state/profile.ts';
import { refuse } from '../state/refusals.ts';

/** What is to be requested from an upstream. */
export type Plan = Required<Pick<Operation, 'kind' | 'calls' | 'terms'>>;

/** Something that was requested of a type. `profile`: absent until the upstream has chosen one. */
export type RequestedOfType = { readonly profile?: Profile; readonly operation?: Operation };

/** A Profile as a request left it. `operation`: it is at an upstream, and changes when that has answered. */
export type Requested = { readonly profile: Profile; readonly operation?: Operation };

type Accepted = { readonly reply: Required<Requested>; readonly save: readonly Change[] };

/** Saves what was requested of a Profile, and of which type if that matters. Its state stays as it is until the upstream has answered. */
export function acceptOperation(plan: Plan, profile: Profile, env: Env, profileType?: string): Accepted {
  const { account, upstream, iccid } = profile;
  if (upstream === undefined) throw new Error(`the profile ${iccid} is at no upstream`);
  must(profile.operation === undefined, refuse.operationOpen);
  const operation = {
    ...newOperation(plan, env),
    account,
    upstream,
    iccid,
    ...(profileType !== undefined && { profileType }),
  };
  const pending = { ...profile, operation: operation.id };
  return { reply: { profile: pending, operation }, save: [{ profile: pending }, { operation }] };
}

/** Saves an order of any Profile of a type: the upstream chooses it. */
export function acceptOrderOfType(
  { terms, ...plan }: Plan,
  { account, profileType }: { readonly account: string; readonly profileType: string },
  { upstream, vendorType }: Pick<TypeAtUpstream, 'upstream' | 'vendorType'>,
  env: Env,
): { readonly reply: Required<Pick<RequestedOfType, 'operation'>>; readonly save: readonly Change[] } {
  const ordered = newOperation({ ...plan, terms: { ...terms, vendorType } }, env);
  const operation = { ...ordered, account, upstream, profileType };
  return { reply: { operation }, save: [{ operation }] };
}

function newOperation(
  { kind, calls, terms }: Plan,
  { now, random, caller }: Env,
): Omit<Operation, 'account' | 'upstream'> {
  return {
    id: newOperationId(now, random),
    kind,
    calls,
    step: 0,
    terms,
    state: 'waiting',
    attempts: 0,
    ...(caller !== undefined && { caller }),
    requestedAt: now,
    nextAttemptAt: now,
    version: 0,
  };
}

const TIME_DIGITS = 12;
const RANDOM_OCTETS = 10;

function newOperationId(now: number, random: Env['random']): OperationId {
  return `op_${now.toString(16).padStart(TIME_DIGITS, '0')}${toHex(random(RANDOM_OCTETS)).toLowerCase()}` as OperationId;
}
