import { StoreUnavailable } from '../../ports/store-error.ts';
import type { Call, Result } from './batch.ts';

/** What is asked for in one turn of the event loop. */
export type Turn = {
  /** Reads together with the other reads of the turn. */
  read(call: Call): Promise<unknown[]>;
  /** Runs when the reads that were asked for before in this turn have their answers: they do not see what it writes. */
  afterReads<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when all that was asked for is done. */
  finish(): Promise<void>;
};

type Read = {
  readonly call: Call;
  readonly settle: (rows: unknown[]) => void;
  readonly fail: (error: unknown) => void;
};

export function createTurn(readTogether: (calls: readonly Call[]) => Promise<Result[]>): Turn {
  let reads: Read[] = [];
  let reading: Promise<void> | undefined;
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    const forget = () => running.delete(work);
    work.then(forget, forget);
    return work;
  };
  const beginReading = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(() => {
        const own = reads;
        reads = [];
        reading = undefined;
        readAll(own, readTogether).then(resolve);
      });
    });
  return {
    read: (call) =>
      track(
        new Promise((settle, fail) => {
          reads.push({ call, settle, fail });
          reading ??= beginReading();
        }),
      ),
    afterReads: (work) => track(reading === undefined ? work() : reading.then(work)),
    finish: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

async function readAll(reads: readonly Read[], readTogether: (calls: readonly Call[]) => Promise<Result[]>) {
  try {
    const results = await readTogether(reads.map(({ call }) => call));
    for (const [i, { settle }] of reads.entries()) settle(results[i]?.rows ?? []);
  } catch (error) {
    const isAway = error instanceof StoreUnavailable;
    if (reads.length > 1 && !isAway) await Promise.all(reads.map((one) => readAll([one], readTogether)));
    else for (const { fail } of reads) fail(error);
  }
}
