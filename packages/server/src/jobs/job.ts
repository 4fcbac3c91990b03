import { setTimeout as sleep } from 'node:timers/promises';
import { inScope } from '../log/scope.ts';

export type JobTimes = {
  readonly everyMs: number;
  /** The first run comes after an interval. Otherwise it comes at once. */
  readonly isDelayed?: true;
};

/** One run of a job. It resolves to the milliseconds until the next run, if they are not those of the job, and handles its errors itself. */
export type JobRun = (stopping: AbortSignal) => Promise<void> | Promise<number | undefined>;

/**
 * Runs a job again and again, one run at a time. Log lines during a run have its name as `job`. The returned function stops it and waits for the
 * current run.
 */
export function startJob(name: string, { everyMs, isDelayed }: JobTimes, run: JobRun): () => Promise<void> {
  const stop = new AbortController();
  const pause = (ms: number) =>
    sleep(ms, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
  const runAll = async () => {
    if (isDelayed) await pause(everyMs);
    while (!stop.signal.aborted) await pause((await run(stop.signal)) || everyMs);
  };
  const end = inScope({ job: name }, runAll);
  return async () => {
    stop.abort();
    await end;
  };
}
