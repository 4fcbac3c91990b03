import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Reader } from '@esim-rsp/smdp/ports';
import { createBuckets } from '../limits/buckets.ts';
import { limitNameOf } from '../limits/ip-address.ts';
import type { Log } from '../log/log.ts';
import { inScope } from '../log/scope.ts';
import type { RefusedCall, RefusedCallStore } from '../store/ports/refused-calls.ts';
import type { SessionStore } from '../store/ports/sessions.ts';

const INTERVAL_MS = 1000;
/** Calls that are stored in a minute, of all addresses and of each, so that a flood neither fills the disk nor hides the calls of others at once. */
const PER_MINUTE = 300;
const PER_MINUTE_AND_ADDRESS = 60;
/** Calls that are kept. */
const KEPT = 1000;
const MESSAGE_LENGTH = 300;

/** What a call says of its eUICC and its Profile. A MatchingID is not stored, only its Profile, if there is one. */
type Claims = { readonly eid?: Eid; readonly iccid?: Iccid; readonly matchingId?: MatchingId };
type Collected = { readonly call: RefusedCall; readonly claims: Claims };
type Store = RefusedCallStore & Pick<SessionStore, 'session'> & Pick<Reader, 'profileByMatchingId'>;

/** Collects refused calls in memory, so that no call waits for the store. */
export type RefusedCalls = {
  readonly record: (call: Omit<RefusedCall, 'skipped'>, claims?: Claims) => void;
  /** Stores the calls collected since the last flush, except those that are in the journal of a session. */
  readonly flush: () => Promise<void>;
};

export function collectRefusedCalls(store: Store): RefusedCalls {
  const all = createBuckets(PER_MINUTE);
  const byAddress = createBuckets(PER_MINUTE_AND_ADDRESS);
  let collected: Collected[] = [];
  let skipped = 0;
  const hasSession = async ({ call: { transactionId } }: Collected) =>
    transactionId !== undefined && (await store.session(transactionId)) !== undefined;
  return {
    record: (call, claims = {}) => {
      if (byAddress.take(limitNameOf(call.address), call.at) > 0 || all.take('', call.at) > 0) {
        skipped += 1;
        return;
      }
      const message = call.refused.message.slice(0, MESSAGE_LENGTH);
      collected.push({ call: { ...call, refused: { ...call.refused, message }, skipped }, claims });
      skipped = 0;
    },
    flush: async () => {
      const calls = collected;
      collected = [];
      const stored = await Promise.all(calls.map(hasSession));
      const unknown = calls.filter((_, i) => !stored[i]);
      const added = await Promise.all(unknown.map((one) => withClaims(one, store)));
      if (added.length > 0) await store.addRefusedCalls(added, KEPT);
    },
  };
}

async function withClaims({ call, claims }: Collected, store: Store): Promise<RefusedCall> {
  const { eid, matchingId = '' } = claims;
  const profile = matchingId === '' ? undefined : await store.profileByMatchingId(matchingId);
  const iccid = claims.iccid ?? profile?.iccid;
  return {
    ...call,
    ...(eid !== undefined && { claimedEid: eid }),
    ...(iccid !== undefined && { claimedIccid: iccid }),
  };
}

/** Starts a job that flushes once a second and when it stops. After a crash the last second is lost, which does no harm. */
export function startRefusedCallsJob(refused: RefusedCalls, log: Log): () => Promise<void> {
  let running = Promise.resolve();
  const flush = () =>
    inScope({ job: 'refused_calls' }, () =>
      refused
        .flush()
        .catch((err) =>
          log.error("refused calls could not be stored: 'esim session list' does not show them", { err }),
        ),
    );
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
