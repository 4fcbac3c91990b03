import type { AuditStore } from '../../ports/audit.ts';
import { type AuditRow, auditColumns, auditFromRow, auditToRow } from '../../rows/audit.ts';
import { auditRoute } from '../../statements/logs/audit.ts';
import { insertRow, valuesOf } from '../../statements/write-row.ts';
import type { Connection } from '../connection/connection.ts';
import { rowStatement } from '../connection/statements.ts';
import { logReader } from './log-page.ts';

const entry = insertRow('audit', auditColumns);

/** The entry, and a row for each of its targets. */
const insert = rowStatement({
  ...entry,
  text: `with entry as (${entry.text} returning id)
    insert into audit_target (account, target, entry)
    select distinct cast(? as text), target, entry.id from entry, unnest(cast(? as text[])) as target`,
});

export function postgresAudit(connection: Connection): AuditStore {
  const { readable, change } = connection;
  const readPage = logReader(connection, {
    recordsIn: (rows) => readable(rows, auditFromRow, ({ id }: AuditRow) => `audit ${id}`),
    timeOf: ({ at }: AuditRow) => at,
  });
  return {
    addAuditEntry: async (added) => {
      const values = valuesOf('audit', auditToRow(added), entry.names);
      await change(insert, ...values, added.account, arrayText(added.targets));
    },
    auditEntries: ({ sort = 'newest', ...filter }) => readPage(auditRoute(filter), { ...filter, sort }),
  };
}

/** An array of texts as PostgreSQL reads it. */
function arrayText(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
