import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { type Change, recordEvent, recordUnchanged } from '../state/change.ts';
import { byDevice } from '../state/event.ts';
import { addEntry, type JournalEntry } from '../state/journal.ts';
import type { Profile } from '../state/profile.ts';
import type { Session } from '../state/session.ts';
import { asDecision } from './as-decision.ts';
import type { Es9Function } from './es9-function.ts';
import { isAlive } from './session.ts';

type Found =
  | {
      readonly session?: Session | undefined;
      readonly profile?: Profile | undefined;
      readonly profiles?: readonly Profile[];
    }
  | undefined;

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
      return { ...decision, save: addToSession(decision, entry, found, env) };
    },
  };
}

/** Whether and why the call was refused or changed nothing, how far its checks got, and what the device reported. */
function describeOutcome<Q, F, R>(
  name: string,
  { checks }: Es9Function<Q, F, R>,
  decision: Decision<R>,
): Pick<JournalEntry, 'refused' | 'ignored' | 'check' | 'notMade' | 'reported'> {
  const notMade = decision.notMade?.length ? { notMade: decision.notMade } : {};
  if ('refusal' in decision)
    return { refused: decision.refusal.status, check: decision.refusal.check, ...notMade };
  const check = decision.lastCheck ?? Object.keys(checks).at(-1);
  const { ignored } = decision;
  return {
    ...(check !== undefined && { check }),
    ...notMade,
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
  found: Found,
  env: Env,
): readonly Change[] {
  const { session } = found ?? {};
  const { save } = decision;
  const saved = save.find((change) => 'session' in change)?.session;
  const before = session?.journal ?? saved?.journal ?? [];
  const journal = addEntry(before, entry);
  if (saved !== undefined) {
    const withJournal = save.map((change) =>
      'session' in change ? { session: { ...change.session, journal } } : change,
    );
    return [...withJournal, ...recordRefusal(decision, saved, found, env)];
  }
  const isWorthSaving = 'refusal' in decision ? isAlive(session, env) : decision.ignored !== undefined;
  if (session === undefined || journal === before || !isWorthSaving) return save;
  return [...save, { session: { ...session, journal } }, ...recordRefusal(decision, session, found, env)];
}

/**
 * A refusal that has no event of its own is one in the history of the Profile that the eUICC asked for. The eUICC has proved itself, and
 * the journal limits how many there are.
 */
function recordRefusal<R>(
  decision: Decision<R>,
  session: Session,
  found: Found,
  env: Env,
): readonly Change[] {
  const profile = found?.profile ?? found?.profiles?.[0];
  if (!('refusal' in decision) || profile === undefined || !('eid' in session)) return [];
  if (decision.save.some((change) => 'event' in change)) return [];
  const { eid, transactionId } = session;
  const outcome = { from: profile, to: profile, reason: decision.refusal.status };
  const isSaved = decision.save.some(
    (change) => 'profile' in change && change.profile.iccid === profile.iccid,
  );
  const cause = byDevice(eid, env, { transactionId });
  return isSaved
    ? [recordEvent('download.refused', outcome, cause)]
    : recordUnchanged('download.refused', outcome, cause);
}
