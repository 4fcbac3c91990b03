import type { Findings } from './findings.ts';
import type { Entry, Ledger, State } from './ledger.ts';
import { transitionFault } from './transitions.ts';
import type { Seen, SeenEvent, View } from './view.ts';

/**
 * Compares what is stored after a fault with what its callers know: no acknowledged change is lost, nothing is there that nobody has
 * requested, and the history leads without a gap to the state of each profile. Then the callers know what is stored.
 */
export function checkView(view: View, ledger: Ledger, findings: Findings): void {
  continueHistories(view.events, ledger, findings);
  for (const entry of [...ledger.entries.values()]) {
    const seen = view.profiles.get(entry.iccid);
    checkProfile(entry, seen, findings);
    checkHistoryEnd(entry, seen?.state ?? 'NONE', findings);
    learn(entry, seen, ledger);
  }
  for (const iccid of view.profiles.keys())
    if (!ledger.entries.has(iccid)) findings.violation(`nobody has created the profile ${iccid}`);
}

function checkProfile(
  { iccid, may, activationCode }: Entry,
  seen: Seen | undefined,
  findings: Findings,
): void {
  const state = seen?.state ?? 'NONE';
  if (!may.has(state)) findings.lost(`${iccid} is ${state} instead of ${[...may].join(' or ')}`);
  const code = seen?.activationCode;
  const isSameOrder = may.size === 1 && ['CONFIRMED', 'RELEASED'].includes(state);
  if (isSameOrder && code && activationCode !== undefined && code !== activationCode)
    findings.lost(`the activation code of ${iccid} is ${code} instead of ${activationCode}`);
}

/** A profile that is gone may be created again: its history starts again. */
function learn(entry: Entry, seen: Seen | undefined, ledger: Ledger): void {
  if (seen === undefined) {
    ledger.remove(entry);
    return;
  }
  const { state, activationCode } = seen;
  const reached = entry.onCard?.indexOf(state) ?? -1;
  entry.may = new Set(reached < 0 ? [state] : entry.onCard?.slice(reached));
  if (activationCode) entry.activationCode = activationCode;
  else if (activationCode === '') delete entry.activationCode;
}

/** Each event starts from the state that the one before led to, those too that report a check or a refusal, and each transition is one of those that are allowed. */
function continueHistories(events: readonly SeenEvent[], ledger: Ledger, findings: Findings): void {
  let last = 0;
  for (const event of events) {
    const { id, iccid, type, from, to } = event;
    if (id <= last) findings.violation(`the event ${id} comes after ${last}`);
    last = id;
    const entry = ledger.entries.get(iccid);
    if (entry === undefined) continue;
    const before: State = entry.inHistory ?? 'NONE';
    if ((from ?? 'NONE') !== before)
      findings.violation(
        `the history of ${iccid} has a gap: after ${before} comes ${type} from ${from ?? 'NONE'}`,
      );
    const fault = transitionFault(event);
    if (fault !== undefined) findings.violation(`${iccid}: ${fault}`);
    entry.inHistory = type === 'profile.purged' ? 'NONE' : to;
  }
}

function checkHistoryEnd({ iccid, inHistory = 'NONE' }: Entry, state: State, findings: Findings): void {
  if (inHistory !== state)
    findings.violation(`the history of ${iccid} ends with ${inHistory}, but it is ${state}`);
}

/** No profile is on two cards. */
export function checkCards(
  cards: readonly (readonly string[])[],
  { entries }: Ledger,
  findings: Findings,
): void {
  const seen = new Set<string>();
  for (const iccid of cards.flat()) {
    if (seen.has(iccid) && entries.get(iccid)?.reusable !== true)
      findings.violation(`the profile ${iccid} is on two eUICCs`);
    seen.add(iccid);
  }
}
