import type { Logger } from 'pino';
import { createBuckets } from '../limits/buckets.ts';
import { limitNameOf } from '../limits/ip-address.ts';
import type { RefusedCall, RefusedCallStore } from '../store/ports/refused-calls.ts';
import type { SessionStore } from '../store/ports/sessions.ts';

const INTERVAL_MS = 1000;
/** Calls that are stored in a minute, of all addresses and of each, so that a flood neither fills the disk nor hides the calls of others at once. */
const PER_MINUTE = 300;
const PER_MINUTE_AND_ADDRESS = 60;
/** Calls that are kept. */
const KEPT = 1000;
const MESSAGE_LENGTH = 300;

/** Collects refused calls in memory, so that no call waits for the store. */
export type RefusedCalls = {
  readonly record: (call: Omit<RefusedCall, 'skipped'>) => void;
  /** Stores the calls collected since the last flush, except those that are in the journal of a session. */
  readonly flush: () => Promise<void>;
};

export function collectRefusedCalls(store: RefusedCallStore & Pick<SessionStore, 'session'>): RefusedCalls {
  const all = createBuckets(PER_MINUTE);
  const byAddress = createBuckets(PER_MINUTE_AND_ADDRESS);
  let collected: RefusedCall[] = [];
  let skipped = 0;
  const hasSession = async ({ transactionId }: RefusedCall) =>
    transactionId !== undefined && (await store.session(transactionId)) !== undefined;
  return {
    record: (call) => {
      if (byAddress.take(limitNameOf(call.address), call.at) > 0 || all.take('', call.at) > 0) {
        skipped += 1;
        return;
      }
      const message = call.refused.message.slice(0, MESSAGE_LENGTH);
      collected.push({ ...call, refused: { ...call.refused, message }, skipped });
      skipped = 0;
    },
    flush: async () => {
      const calls = collected;
      collected = [];
      const stored = await Promise.all(calls.map(hasSession));
      const unknown = calls.filter((_, i) => !stored[i]);
      if (unknown.length > 0) await store.addRefusedCalls(unknown, KEPT);
    },
  };
}

/** Starts a job that flushes once a second and when it stops. After a crash the last second is lost, which does no harm. */
export function startRefusedCallsJob(refused: RefusedCalls, log: Logger): () => Promise<void> {
  let running = Promise.resolve();
  const flush = () =>
    refused.flush().catch((error) => log.error({ err: error }, 'refused calls could not be stored'));
  const timer = setInterval(() => {
    running = running.then(flush);
  }, INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await flush();
  };
}
