import { sql } from 'kysely';
import type { AuditFilter } from '../../ports/audit.ts';
import { isOneOf, type LogRoute, timesWithin } from './log-page.ts';

const [id, time] = [sql.ref('audit.id'), sql.ref('audit.at')];

/** Along the entries of a target; or along the times if they are limited; or along those of a key, operator or operation. */
export function auditRoute(filter: AuditFilter): LogRoute {
  const { account, target, since, until, ...others } = filter;
  const log = { from: sql`audit`, columns: sql`audit.*`, id };
  const conditions = { key_id: others.keyId, operator: others.operator, operation: others.operation };
  const except = (served?: string) =>
    Object.entries(conditions).flatMap(([column, value]) =>
      value === undefined || column === served ? [] : isOneOf(sql.ref(`audit.${column}`), [value]),
    );
  if (target !== undefined)
    return {
      ...log,
      from: sql`audit_target cross join audit`,
      id: sql.ref('audit_target.entry'),
      equal: [
        sql<boolean>`audit_target.account = ${account}`,
        sql<boolean>`audit_target.target = ${target}`,
        sql<boolean>`audit.id = audit_target.entry`,
      ],
      others: [...except(), ...timesWithin(time, filter)],
    };
  const own = sql<boolean>`audit.account = ${account}`;
  if (since !== undefined || until !== undefined) return { ...log, equal: [own], time, others: except() };
  const [served] = Object.entries(conditions).filter(([, value]) => value !== undefined);
  if (served === undefined) return { ...log, equal: [own], others: [] };
  const [column, value] = served;
  return {
    ...log,
    equal: [own, sql<boolean>`${sql.ref(`audit.${column}`)} = ${value}`],
    others: except(column),
  };
}
