import { refusals } from '@esim-rsp/sgp22/status';
import type { Env, ProtocolFunction, Store } from './ports.ts';

const refuse = refusals({
  matchingIdTaken: ['8.2.6', '3.3', 'another order has this MatchingID'],
  busy: ['1.2', '4.4', 'too many calls change this record at the same time; try again'],
});

/** How often a decision is made anew when somebody else wrote first. */
const ATTEMPTS = 5;

/**
 * Runs one function: load, decide, save. A decision has no effects, so when a record changed in between
 * everything is simply done again and no lock is held while a key signs.
 */
export async function run<Q, F, R>(
  fn: ProtocolFunction<Q, F, R>,
  request: Q,
  store: Store,
  env: Env,
): Promise<R> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const decision = await fn.decide(request, await fn.load(request, store, attempt), env);
    const saved = decision.save.length === 0 ? 'saved' : await store.save(decision.save);
    if (saved === 'matchingIdTaken') throw refuse.matchingIdTaken();
    if (saved === 'stale') continue;
    if ('refusal' in decision) throw decision.refusal;
    return decision.reply;
  }
  throw refuse.busy();
}
