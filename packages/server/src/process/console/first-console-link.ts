import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { createConsoleLink } from '../../accounts/console-tickets.ts';
import type { ServerStore } from '../../store/ports/server-store.ts';
import type { FirstAccount } from '../first-account.ts';

type Start = {
  readonly store: ServerStore;
  readonly account: FirstAccount | undefined;
  readonly isDemo: boolean;
  readonly restUrl: string;
  /** Whether a person reads what the start prints. */
  readonly isTerminal: boolean;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/**
 * A link for the one who starts the server: in a demo always; otherwise at a first start that generated a key, and a terminal shows it. In all
 * other cases it would be in the logs, which others may read.
 */
export async function firstConsoleLink(start: Start): Promise<string | undefined> {
  const { store, account, isDemo, restUrl, isTerminal, random, now } = start;
  const isFirst = account?.key.kind === 'generated' && isTerminal;
  if (account === undefined || !(isDemo || isFirst)) return undefined;
  const created = await createConsoleLink(store, { account: account.userId, baseUrl: restUrl, random, now });
  return created?.link;
}
