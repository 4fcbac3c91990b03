import { type Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Env } from './env.ts';
import type { NotFromCaller } from './from-caller.ts';
import type { Reader, Store } from './ports.ts';
import type { Change } from './state/change.ts';
import { refuse as refuseAny } from './state/refusals.ts';

/** What a function decided: an answer or a refusal, and what to write either way. */
export type Decision<R> =
  | {
      readonly reply: R;
      readonly save: readonly Change[];
      /** The key of the last check that was made, if the function did not need all of its checks. */
      readonly lastCheck?: string;
      /** The keys of checks before the last one that were not made, because there was nothing to check. */
      readonly notMade?: readonly string[];
      /** Why the message changed nothing, although it is acknowledged. */
      readonly ignored?: StatusCode;
    }
  | {
      readonly refusal: Refusal;
      readonly save: readonly Change[];
      readonly notMade?: readonly string[];
    };

/** A protocol function: load what the request points at, decide purely. */
export interface ProtocolFunction<Q, F, R> {
  /** `attempt` counts from 0: how often somebody else has written first since. */
  load(request: Q, reader: Reader, attempt: number): Promise<F>;
  decide(request: Q, found: F, env: Env): Decision<R> | Promise<Decision<R>>;
}

const refuse = refusals({
  busy: ['1.2', '4.4', 'too many calls change this record at the same time; try again'],
});

/** How often a decision is repeated when another call wrote first. */
const ATTEMPTS = 8;

/**
 * Runs one function: load, decide, save. A decision has no effects, so when a record changed in between
 * everything is simply done again and no lock is held while a key signs.
 */
export async function run<Q, F, R>(
  fn: ProtocolFunction<Q, F, R>,
  request: NoInfer<Q> & NotFromCaller,
  store: Store,
  env: Env,
): Promise<R> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const decision = await loadAndDecide(fn, request, store, env, attempt);
    const saved = decision.save.length === 0 ? 'saved' : await store.save(decision.save);
    if (saved === 'matchingIdTaken') throw refuseAny.matchingIdTaken();
    if (saved === 'stale') continue;
    if ('refusal' in decision) throw decision.refusal;
    if (decision.ignored !== undefined) env.messageIgnored?.(decision.ignored);
    return decision.reply;
  }
  throw refuse.busy();
}

/** What was read may not be durable yet: a decision that saves nothing, and an error, wait until it is. A save waits by itself. */
async function loadAndDecide<Q, F, R>(
  fn: ProtocolFunction<Q, F, R>,
  request: Q,
  store: Store,
  env: Env,
  attempt: number,
): Promise<Decision<R>> {
  const { early } = store;
  try {
    const decision = await fn.decide(request, await fn.load(request, early ?? store, attempt), env);
    if (decision.save.length === 0) await early?.durable();
    return decision;
  } catch (error) {
    await early?.durable();
    throw error;
  }
}
