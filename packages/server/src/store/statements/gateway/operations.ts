import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Operation, openStates } from '@esim-rsp/smdp/state/gateway/operation';
import { sql } from 'kysely';
import type { OperationFilter, Reservations } from '../../ports/gateway/operations.ts';
import { isOneOf } from '../one-of.ts';
import type { Builder, Queries } from '../queries.ts';

export const isOpen = sql.raw<boolean>(isOneOf('state', openStates));

export function operationQueries(kysely: Builder) {
  const update = () => kysely.updateTable('operation');
  return {
    byId: () => kysely.selectFrom('operation').selectAll().where('id', '=', ''),
    due: () => dueUpstreams(kysely),
    release: () =>
      update()
        .set({ lease_until: sql.lit(0) })
        .where('lease_node', '=', '')
        .where(isOpen)
        .where('lease_until', '>', sql.lit(0)),
    readyInStock: () => readyInStock(kysely),
    openReservations: () => reservations(kysely).select(sql<number>`count(*)`.as('count')).where(isOpen),
    latestReservations: () =>
      reservations(kysely).selectAll().orderBy('id', 'desc').limit(sql.lit(LATEST_RESERVATIONS)),
    deleteOld: () =>
      kysely
        .deleteFrom('operation')
        .where('id', 'in', (e) =>
          e
            .selectFrom('operation')
            .select('id')
            .where('ended_at', '<', 0)
            .where('ended_at', 'is not', sql.lit(null))
            .orderBy('ended_at')
            .limit(1),
        ),
  } satisfies Queries;
}

const LATEST_RESERVATIONS = 16;

function reservations(kysely: Builder) {
  return kysely
    .selectFrom('operation')
    .where('account', '=', '')
    .where('profile_type', '=', '')
    .where('kind', '=', sql.lit('reserve'))
    .where('upstream', '=', '');
}

/** What is kept ready is the oldest in stock. */
function readyInStock(kysely: Builder) {
  return kysely
    .selectFrom((e) =>
      e
        .selectFrom('profile')
        .select(['iccid', 'upstream', 'upstream_matching_id', 'released_at'])
        .where('account', '=', '')
        .where('profile_type', '=', '')
        .where('state', '=', sql.lit('AVAILABLE'))
        .where('operation', 'is', sql.lit(null))
        .orderBy('changed_at')
        .orderBy('iccid')
        .limit(1)
        .as('stock'),
    )
    .select(['iccid', 'released_at'])
    .where('upstream', '=', '')
    .where('upstream_matching_id', 'is not', sql.lit(null))
    .orderBy('released_at')
    .orderBy('iccid');
}

export type ReadyRow = { readonly iccid: Iccid; readonly released_at: number };

export function reservationsFrom(
  ready: readonly ReadyRow[],
  open: number,
  latest: readonly Operation[],
): Reservations {
  const [oldest] = ready;
  return {
    ready: ready.length,
    ...(oldest !== undefined && { oldest: { iccid: oldest.iccid, releasedAt: oldest.released_at } }),
    open,
    latest,
  };
}

/** Each upstream is looked at once, however many operations it has. */
function dueUpstreams(kysely: Builder) {
  return kysely
    .selectFrom('upstream')
    .select(['upstream.account', 'upstream.name as upstream'])
    .where(
      sql<boolean>`exists (select 1 from operation where operation.account = upstream.account and operation.upstream = upstream.name
        and ${isOpen} and next_attempt_at <= ${0} and lease_until <= ${0} limit 1)`,
    );
}

/** One that is due: of an account and an upstream, until a time, twice. */
export function dueOperation(kysely: Builder) {
  return kysely
    .selectFrom('operation')
    .select('id')
    .where('account', '=', '')
    .where('upstream', '=', '')
    .where(isOpen)
    .where('next_attempt_at', '<=', 0)
    .where('lease_until', '<=', 0)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(sql.lit(1));
}

/** What a claim makes of an operation. A call that is in progress although its claim has ended was cut off. */
export const CLAIMED = `state = case state when 'waiting' then 'sent' else 'unknown' end, attempts = attempts + 1, version = version + 1`;

/** What a list can be of, in the order in which values are bound. */
const listFilters = ['iccid', 'state', 'kind', 'upstream'] as const;

/** The newest operations of an account; the values are those of `operationListValues`. */
export function operationList(kysely: Builder, filter: OperationFilter) {
  let query = kysely.selectFrom('operation').selectAll().where('account', '=', '');
  for (const name of listFilters) if (filter[name] !== undefined) query = query.where(name, '=', '');
  if (filter.before !== undefined) query = query.where('id', '<', '');
  return query.orderBy('id', 'desc').limit(1);
}

export function operationListValues(filter: OperationFilter): (string | number)[] {
  const { account, before, count } = filter;
  return [account, ...listFilters.map((name) => filter[name]), before, count].filter(
    (value) => value !== undefined,
  );
}
