import { Refusal } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Change } from '../state/change.ts';
import { type JournalEntry, journalWith } from '../state/journal.ts';
import type { Session } from '../state/session.ts';
import { alive } from './session.ts';

type Found = { readonly session?: Session | undefined } | undefined;

/**
 * The function, with each of its calls in the journal of the session. An accepted call adds to the session that is saved
 * anyway. A refused one saves the session for its journal alone: stage and expiry stay.
 */
export function journaled<Q, F extends Found, R>(
  name: string,
  fn: ProtocolFunction<Q, F, R>,
): ProtocolFunction<Q, F, R> {
  return {
    load: (request, reader, attempt) => fn.load(request, reader, attempt),
    decide: async (request, found, env) => {
      const decision = await decided(fn, request, found, env);
      return { ...decision, save: noted(name, decision, found?.session, env) };
    },
  };
}

/** A refusal that is thrown is a decision that saves nothing. */
async function decided<Q, F, R>(
  fn: ProtocolFunction<Q, F, R>,
  request: Q,
  found: F,
  env: Env,
): Promise<Decision<R>> {
  try {
    return await fn.decide(request, found, env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusal: error, save: [] };
  }
}

/** Whether and why it was refused; otherwise what the device reported, which is then the reason of the Profile. */
function outcomeOf<R>(
  name: string,
  decision: Decision<R>,
): Pick<JournalEntry, 'refused' | 'check' | 'reported'> {
  if ('refusal' in decision) return { refused: decision.refusal.status, check: decision.refusal.check };
  if (name !== 'cancelSession' && name !== 'handleNotification') return {};
  const changed = decision.save.find((change) => 'profile' in change)?.profile;
  return changed !== undefined && 'reason' in changed && changed.reason !== undefined
    ? { reported: changed.reason }
    : {};
}

function noted<R>(
  name: string,
  decision: Decision<R>,
  session: Session | undefined,
  env: Env,
): readonly Change[] {
  const { save } = decision;
  const before = session?.journal ?? [];
  const journal = journalWith(before, { function: name, at: env.now, ...outcomeOf(name, decision) });
  const savesSession = save.some((change) => 'session' in change);
  if (savesSession)
    return save.map((change) => ('session' in change ? { session: { ...change.session, journal } } : change));
  if (!('refusal' in decision) || journal === before || !alive(session, env)) return save;
  return [...save, { session: { ...session, journal } }];
}
