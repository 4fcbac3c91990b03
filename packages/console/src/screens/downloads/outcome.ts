import type { DownloadAttempt, StateReason } from '@esim-rsp/sdk';

type Call = DownloadAttempt['calls'][number];

/** Why an attempt failed: the first call that was refused, or that reported a failure of the phone. */
export function reasonOf(calls: readonly Pick<Call, 'refused' | 'reported'>[]): StateReason | undefined {
  for (const { refused, reported } of calls) if (refused ?? reported) return refused ?? reported;
  return undefined;
}

export type Outcome = 'failed' | 'succeeded' | 'running';

/** How an attempt went. One that has sent the package, and whose phone has not reported yet, is under way. */
export function outcomeOf({ stage, calls }: Pick<DownloadAttempt, 'stage' | 'calls'>): Outcome {
  if (
    reasonOf(calls) !== undefined ||
    stage === 'refused' ||
    stage === 'cancelled' ||
    stage === 'unauthenticated'
  )
    return 'failed';
  return stage === 'ended' ? 'succeeded' : 'running';
}
