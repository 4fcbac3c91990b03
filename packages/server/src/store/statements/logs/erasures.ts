import { type AuditEntry, MOST_TARGETS } from '../../ports/audit.ts';
import { ERASURE, erasureTarget, type LogName } from '../../ports/logs/chains.ts';

/** The audit entries that say which entries of a log have lost content. */
export function erasureEntries(
  { account, at }: Pick<AuditEntry, 'account' | 'at'>,
  log: LogName,
  ids: readonly number[],
): AuditEntry[] {
  const entries = [];
  for (let i = 0; i < ids.length; i += MOST_TARGETS) {
    const targets = ids.slice(i, i + MOST_TARGETS).map((id) => erasureTarget(log, id));
    entries.push({ at, account, operation: ERASURE, targets });
  }
  return entries;
}
