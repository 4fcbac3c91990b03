import { sql } from 'kysely';
import type { EventFilter } from '../../ports/events.ts';
import { isOneOf, type LogRoute, timesWithin } from './log-page.ts';

const [id, time, type] = [sql.ref('id'), sql.ref('at'), sql.ref('type')];

/** Along the events of a profile, or along the times if they are limited. */
export function eventRoute(filter: EventFilter): LogRoute {
  const { account, iccid, types, since, until } = filter;
  const log = { from: sql`event`, columns: sql`*`, id, others: isOneOf(type, types) };
  if (account === undefined)
    return { ...log, equal: [], others: [...log.others, ...timesWithin(time, filter)] };
  const own = sql<boolean>`account = ${account}`;
  if (iccid !== undefined)
    return {
      ...log,
      equal: [own, sql<boolean>`iccid = ${iccid}`],
      others: [...log.others, ...timesWithin(time, filter)],
    };
  const isTimed = since !== undefined || until !== undefined;
  return { ...log, equal: [own], ...(isTimed && { time }) };
}
