import type { Session } from '@esim-rsp/smdp/state/session';
import { type Compilable, sql } from 'kysely';
import type { SessionFilter, SessionPage, SessionPosition } from '../ports/sessions.ts';
import { readByName } from '../rows/read-by-name.ts';
import { type SessionRow, sessionColumnNames } from '../rows/sessions.ts';
import { EXAMINED_AT_ONCE } from './logs/log-page.ts';
import type { Builder } from './queries.ts';

type SessionPart = Pick<SessionPage, 'items' | 'next'>;

/**
 * The sessions that match among the next ones along an index, and where to continue; no `next`: there are no more. It yields its
 * queries, and the engine returns their rows as arrays.
 */
export function* readSessionPart(
  kysely: Builder,
  filter: SessionFilter,
  sessionsIn: (rows: readonly unknown[]) => readonly Session[],
): Generator<Compilable, SessionPart, readonly unknown[]> {
  const first = filter.after ?? { openedAt: filter.until ?? Number.MAX_SAFE_INTEGER, transactionId: '' };
  const stretch = { first, last: { openedAt: filter.since ?? 0, transactionId: '' } };
  const [edge] = (yield edgeQuery(kysely, filter, stretch)).map(placeOf);
  const rows = yield matchingQuery(kysely, filter, { first, last: edge ?? stretch.last });
  const shown = rows.slice(0, filter.count);
  const next = rows.length > filter.count ? placeOfSession(shown.at(-1)) : edge;
  return { items: sessionsIn(shown), ...(next !== undefined && { next }) };
}

/** The sessions behind the first position, up to the last one. */
type Stretch = { readonly first: SessionPosition; readonly last: SessionPosition };

const placeColumns = ['opened_at', 'transaction_id'] as const;

function placeFrom({ opened_at, transaction_id }: SessionRow): SessionPosition {
  return { openedAt: Number(opened_at), transactionId: transaction_id };
}

const placeRowOf = readByName<SessionRow>(placeColumns);
const placeOf = (values: unknown) => placeFrom(placeRowOf(values));
const rowOf = readByName<SessionRow>(sessionColumnNames);
const placeOfSession = (values: unknown) => placeFrom(rowOf(values));

/** The place of the last session that one statement examines; none: there are fewer. */
function edgeQuery(kysely: Builder, filter: SessionFilter, stretch: Stretch): Compilable {
  return along(kysely, filter, stretch)
    .select(placeColumns)
    .limit(1)
    .offset(EXAMINED_AT_ONCE - 1);
}

/** The sessions of a stretch along one index, the newest first: those of a profile, of an eUICC, without a profile, or all. */
function along(kysely: Builder, { iccid, eid, withoutProfile }: SessionFilter, { first, last }: Stretch) {
  return kysely
    .selectFrom('session')
    .where(sql<boolean>`(opened_at, transaction_id) < (${first.openedAt}, ${first.transactionId})`)
    .where(sql<boolean>`(opened_at, transaction_id) >= (${last.openedAt}, ${last.transactionId})`)
    .$if(iccid !== undefined, (query) => query.where('asked_iccid', '=', iccid ?? ''))
    .$if(iccid === undefined && eid !== undefined, (query) => query.where('eid', '=', eid ?? ''))
    .$if(iccid === undefined && eid === undefined && withoutProfile === true, (query) =>
      query.where('asked_iccid', 'is', null),
    )
    .orderBy('opened_at', 'desc')
    .orderBy('transaction_id', 'desc');
}

/** One more than are wanted. The other conditions are written so that the engine tries no other index for them. */
function matchingQuery(kysely: Builder, filter: SessionFilter, stretch: Stretch): Compilable {
  const { account, iccid, eid, reason, withoutProfile, count } = filter;
  const isOwned = account !== undefined;
  return along(kysely, filter, stretch)
    .select(sessionColumnNames)
    .$if(withoutProfile === true, (query) => query.where(sql<boolean>`asked_iccid || '' is null`))
    .$if(isOwned && eid !== undefined && withoutProfile === true, (query) =>
      query.where(
        sql<boolean>`(select profile.iccid from profile where profile.account = ${account} and profile.eid = ${eid} limit 1) is not null`,
      ),
    )
    .$if(isOwned && withoutProfile !== true, (query) =>
      query.where(
        sql<boolean>`(select profile.account from profile where profile.iccid = session.asked_iccid) = ${account}`,
      ),
    )
    .$if(iccid !== undefined && eid !== undefined, (query) =>
      query.where(sql<boolean>`session.eid || '' = ${eid}`),
    )
    .$if(reason !== undefined, (query) =>
      query.where(sql<boolean>`replace(reasons, ${` ${reason} `}, '') <> reasons`),
    )
    .limit(count + 1);
}
