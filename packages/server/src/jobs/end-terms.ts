import type { Env } from '@esim-rsp/smdp/env';
import { endTermAnywhere } from '@esim-rsp/smdp/gateway/endTermAnywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import type { Log } from '../log/log.ts';
import type { ProfileStore } from '../store/ports/profiles.ts';
import { UnreadableRecordError } from '../store/ports/unreadable-rows.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 1000;
/** Limits the work of one run, so that requests are not delayed after a long downtime. */
const MAX_PER_RUN = 200;

export type TermsJob = {
  readonly store: Store & ProfileStore;
  readonly env: () => Env;
  readonly log: Log;
};

/**
 * Starts a job that ends cool-downs and expired orders, at once and then every second. It also handles what fell due while
 * no server ran. The returned function stops the job and waits for the current run.
 */
export function startTermsJob(terms: TermsJob): () => Promise<void> {
  return startJob('end_terms', { everyMs: INTERVAL_MS }, () => endDueTerms(terms));
}

/** One run. An error is logged; the next run tries again. */
async function endDueTerms({ store, env, log }: TermsJob): Promise<void> {
  try {
    const runEnv = env();
    const due = await store.profilesDue(Math.floor(runEnv.now / 1000), MAX_PER_RUN);
    await Promise.all(
      due.map((iccid) => run(endTermAnywhere, { iccid }, store, runEnv).catch(skipUnreadable)),
    );
  } catch (error) {
    log.error('cool-downs and expired orders could not be ended; the server tries again in a second', {
      err: error,
    });
  }
}

/** An unreadable record was reported when it was read. */
function skipUnreadable(error: unknown): void {
  if (!(error instanceof UnreadableRecordError)) throw error;
}
