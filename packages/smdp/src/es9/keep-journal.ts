import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Change } from '../state/change.ts';
import { addEntry, type JournalEntry } from '../state/journal.ts';
import type { Session } from '../state/session.ts';
import { asDecision } from './as-decision.ts';
import type { Es9Function } from './es9-function.ts';
import { isAlive } from './session.ts';

type Found = { readonly session?: Session | undefined } | undefined;

/**
 * The same function, which also writes each call into the journal of its session. A call that saves a session adds to the journal of that
 * one. A call that was refused or changed nothing, and saves none, saves the session for its journal alone: stage and expiry stay.
 */
export function keepJournal<Q, F extends Found, R>(
  name: string,
  fn: Es9Function<Q, F, R>,
): ProtocolFunction<Q, F, R> {
  return {
    load: (request, reader, attempt) => fn.load(request, reader, attempt),
    decide: async (request, found, env) => {
      const decision = await asDecision(() => fn.decide(request, found, env));
      const entry = { function: name, at: env.now, ...describeOutcome(name, fn, decision) };
      return { ...decision, save: addToSession(decision, entry, found?.session, env) };
    },
  };
}

/** Whether and why the call was refused or changed nothing, how far its checks got, and what the device reported. */
function describeOutcome<Q, F, R>(
  name: string,
  { checks }: Es9Function<Q, F, R>,
  decision: Decision<R>,
): Pick<JournalEntry, 'refused' | 'ignored' | 'check' | 'reported'> {
  if ('refusal' in decision) return { refused: decision.refusal.status, check: decision.refusal.check };
  const check = decision.lastCheck ?? Object.keys(checks).at(-1);
  const { ignored } = decision;
  return {
    ...(check !== undefined && { check }),
    ...(ignored !== undefined && { ignored }),
    ...describeReport(name, decision.save),
  };
}

/** What the device reported is then the reason of the Profile. */
function describeReport(name: string, save: readonly Change[]): Pick<JournalEntry, 'reported'> {
  if (name !== 'cancelSession' && name !== 'handleNotification') return {};
  const changed = save.flatMap((change) => {
    if ('latest' in change) return [change.latest];
    return 'profile' in change ? [change.profile] : [];
  })[0];
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
  const saved = save.find((change) => 'session' in change)?.session;
  const before = session?.journal ?? saved?.journal ?? [];
  const journal = addEntry(before, entry);
  if (saved !== undefined)
    return save.map((change) => ('session' in change ? { session: { ...change.session, journal } } : change));
  const isWorthSaving = 'refusal' in decision ? isAlive(session, env) : decision.ignored !== undefined;
  if (session === undefined || journal === before || !isWorthSaving) return save;
  return [...save, { session: { ...session, journal } }];
}
