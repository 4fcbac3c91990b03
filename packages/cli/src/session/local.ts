import { callDetails, sessionDetails } from '@esim-rsp/server/rest/events/download-attempt';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Session } from '@esim-rsp/smdp/state/session';
import { withLocalStore } from '../local-store.ts';
import type { ShownSession } from './text.ts';

/** Sessions from the data folder of the server on this machine: those of all accounts, with addresses. */
type RefusedCall = Awaited<ReturnType<ServerStore['refusedCalls']>>[number];

/** The session of a transaction, or the calls that were refused before its eUICC had proved itself. */
export function findLocalSession(transactionId: TransactionId): Promise<ShownSession | undefined> {
  return withLocalStore((store) => findSession(store, transactionId));
}

async function findSession(
  store: Pick<ServerStore, 'session' | 'refusedCallsOf'>,
  transactionId: TransactionId,
): Promise<ShownSession | undefined> {
  const session = await store.session(transactionId);
  if (session !== undefined) return sessionDetails(session);
  const [first, ...others] = (await store.refusedCallsOf(transactionId)).toReversed();
  return first && { ...refusedSession(first), calls: [first, ...others].map(callDetails) };
}

/** A call that was refused before the eUICC had proved itself: like a session with one call. */
export type RefusedSession = Omit<ShownSession, 'transaction_id'> & {
  readonly transaction_id?: string;
  readonly claimed_eid?: string;
  readonly claimed_iccid?: string;
  readonly skipped: number;
};

function refusedSession(call: RefusedCall): RefusedSession & { readonly transaction_id: string } {
  const { transactionId = '', address, ciPKIds, claimedEid, claimedIccid, skipped } = call;
  return {
    transaction_id: transactionId,
    opened_at: new Date(call.at).toISOString(),
    stage: 'unauthenticated',
    address,
    ci_pk_ids: [...ciPKIds],
    ...(claimedEid !== undefined && { claimed_eid: claimedEid }),
    ...(claimedIccid !== undefined && { claimed_iccid: claimedIccid }),
    skipped,
    calls: [callDetails(call)],
  };
}

export type SessionFilter = {
  readonly count: number;
  readonly iccid?: string;
  readonly eid?: string;
  readonly reason?: string;
  readonly since?: string;
};

/** The newest sessions and refused calls that fit the filter, at most `count` of each. */
export async function listLocalSessions({
  since,
  eid,
  ...filter
}: SessionFilter): Promise<readonly (ShownSession | RefusedSession)[]> {
  const narrowed = {
    ...filter,
    ...(eid !== undefined && { eid: parseEid(eid) }),
    ...(since !== undefined && { since: Date.parse(since) }),
  };
  const [sessions, calls] = await withLocalStore((store) =>
    Promise.all([
      Object.keys(narrowed).length === 1
        ? store.recentSessions(filter.count)
        : newestSessions(store, narrowed), // only the count
      store.refusedCalls(narrowed),
    ]),
  );
  return [...sessions.map(sessionDetails), ...calls.map(withoutEmptyId)];
}

/** The newest sessions that fit, page by page, until there are enough. */
async function newestSessions(
  store: Pick<ServerStore, 'sessions'>,
  filter: Parameters<ServerStore['sessions']>[0],
): Promise<readonly Session[]> {
  const found: Session[] = [];
  for (let { after } = filter; ; ) {
    const count = filter.count - found.length;
    const { items, next } = await store.sessions({ ...filter, count, ...(after && { after }) });
    found.push(...items);
    if (next === undefined || found.length === filter.count) return found;
    after = next;
  }
}

function withoutEmptyId(call: RefusedCall): RefusedSession {
  const { transaction_id, ...shown } = refusedSession(call);
  return transaction_id === '' ? shown : { transaction_id, ...shown };
}
