import type { Es9Name, Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import type { Checks } from '@esim-rsp/sgp22/status';
import type { ProtocolFunction } from '../run.ts';
import type { JournalEntry } from '../state/journal.ts';
import { authenticateClient } from './authenticateClient.ts';
import { cancelSession } from './cancelSession.ts';
import { getBoundProfilePackage } from './getBoundProfilePackage.ts';
import { handleNotification } from './handleNotification.ts';
import { initiateAuthentication } from './initiateAuthentication.ts';
import { keepJournal } from './keep-journal.ts';

/** The functions of ES9+ by the names of the table in sgp22/functions/es9plus.ts. */
export type Es9Functions = {
  // biome-ignore lint/suspicious/noExplicitAny: each function has its own type of what it loads
  readonly [N in Es9Name]: ProtocolFunction<Es9Request<N>, any, Es9Response<N>>;
};

export const es9Functions: Es9Functions = {
  initiateAuthentication: keepJournal('initiateAuthentication', initiateAuthentication),
  authenticateClient: keepJournal('authenticateClient', authenticateClient),
  getBoundProfilePackage: keepJournal('getBoundProfilePackage', getBoundProfilePackage),
  cancelSession: keepJournal('cancelSession', cancelSession),
  handleNotification: keepJournal('handleNotification', handleNotification),
};

/** The checks of each function, in the order in which it makes them (5.6.1 to 5.6.5). */
export const es9Checks: Readonly<Record<Es9Name, Checks>> = {
  initiateAuthentication: initiateAuthentication.checks,
  authenticateClient: authenticateClient.checks,
  getBoundProfilePackage: getBoundProfilePackage.checks,
  cancelSession: cancelSession.checks,
  handleNotification: handleNotification.checks,
};

export const checkOutcomes = ['passed', 'refused', 'not_made', 'not_reached'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/**
 * The checks of a call in their order, with the outcome of each. An entry from an older version does not store the last check, so its checks
 * are not known.
 */
export function outcomesOf({
  function: name,
  refused,
  check,
  notMade = [],
}: JournalEntry): readonly (readonly [check: string, outcome: CheckOutcome])[] {
  const checks = Object.entries(es9Checks[name as Es9Name] ?? {});
  const last = checks.findIndex(([key]) => key === check);
  if (last === -1) return [];
  const outcomeOf = (i: number, key: string): CheckOutcome => {
    if (i > last) return 'not_reached';
    if (notMade.includes(key)) return 'not_made';
    return i === last && refused !== undefined ? 'refused' : 'passed';
  };
  return checks.map(([key, holds], i) => [holds, outcomeOf(i, key)]);
}
