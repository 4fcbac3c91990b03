import { Refusal } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Change } from '../state/change.ts';
import { addEntry, type JournalEntry } from '../state/journal.ts';
import type { Session } from '../state/session.ts';
import type { Es9Function } from './es9-function.ts';
import { isAlive } from './session.ts';

type Found = { readonly session?: Session | undefined } | undefined;

/**
 * The same function, which also writes each call into the journal of its session. An accepted call adds to the session that is saved
 * anyway. A refused call saves the session for its journal alone: stage and expiry stay.
 */
export function keepJournal<Q, F extends Found, R>(
  name: string,
  fn: Es9Function<Q, F, R>,
): ProtocolFunction<Q, F, R> {
  return {
    load: (request, reader, attempt) => fn.load(request, reader, attempt),
    decide: async (request, found, env) => {
      const decision = await decideOrRefuse(fn, request, found, env);
      const entry = { function: name, at: env.now, ...describeOutcome(name, fn, decision) };
      return { ...decision, save: addToSession(decision, entry, found?.session, env) };
    },
  };
}

/** A refusal that is thrown is a decision that saves nothing. */
async function decideOrRefuse<Q, F, R>(
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

/** Whether and why the call was refused, how far its checks got, and what the device reported. */
function describeOutcome<Q, F, R>(
  name: string,
  { checks }: Es9Function<Q, F, R>,
  decision: Decision<R>,
): Pick<JournalEntry, 'refused' | 'check' | 'reported'> {
  if ('refusal' in decision) return { refused: decision.refusal.status, check: decision.refusal.check };
  const check = decision.lastCheck ?? Object.keys(checks).at(-1);
  return { ...(check !== undefined && { check }), ...describeReport(name, decision.save) };
}

/** What the device reported is then the reason of the Profile. */
function describeReport(name: string, save: readonly Change[]): Pick<JournalEntry, 'reported'> {
  if (name !== 'cancelSession' && name !== 'handleNotification') return {};
  const changed = save.find((change) => 'profile' in change)?.profile;
  return changed !== undefined && 'reason' in changed && changed.reason !== undefined
    ? { reported: changed.reason }
    : {};
}

function addToSession<R>(
  decision: Decision<R>,
  entry: JournalEntry,
  session: Session | undefined,
  env: Env,
): readonly Change[] {
  const { save } = decision;
  const before = session?.journal ?? [];
  const journal = addEntry(before, entry);
  const savesSession = save.some((change) => 'session' in change);
  if (savesSession)
    return save.map((change) => ('session' in change ? { session: { ...change.session, journal } } : change));
  if (!('refusal' in decision) || journal === before || !isAlive(session, env)) return save;
  return [...save, { session: { ...session, journal } }];
}
