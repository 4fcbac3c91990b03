import type { CallFault, Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { Reservations } from './operations.ts';
import type { UpstreamType } from './upstreams.ts';

/** Profiles in stock that are looked at for those that are kept ready: these are the oldest. */
export function mostLookedAt({ keepReady, batch }: Pick<UpstreamType, 'keepReady' | 'batch'>): number {
  return keepReady + batch + 256;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Why the last order ahead was not done; `retryAt`: when the next one is requested (Unix milliseconds), if that is later. */
export type ReservationFault = { readonly fault: CallFault; readonly retryAt?: number };

/** undefined: the last order ahead has ended well, or is on its way without a problem. Each failure in a row doubles the pause. */
export function faultOf({ latest }: Pick<Reservations, 'latest'>): ReservationFault | undefined {
  const troubled = latest.find(({ fault, endedAt }) => fault !== undefined || endedAt !== undefined);
  if (troubled?.fault === undefined || troubled.state === 'done') return undefined;
  if (troubled.endedAt === undefined) return { fault: troubled.fault };
  const ended = latest.filter(({ endedAt }) => endedAt !== undefined);
  const good = ended.findIndex(({ state }) => state === 'done');
  const failures = good === -1 ? ended.length : good;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);
  return { fault: troubled.fault, retryAt: lastEnd(ended) + pause };
}

function lastEnd(operations: readonly Operation[]): number {
  return Math.max(...operations.map(({ endedAt = 0 }) => endedAt));
}
