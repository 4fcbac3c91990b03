import {
  type AuditErasure,
  auditTargetsIn,
  ERASURE,
  erasureTarget,
  type LogEntry,
} from '../../ports/logs/chains.ts';
import type { TextCall } from '../text-call.ts';

const ERASE = `update audit set key_id = null, operator = null, address = null, target = null, more_targets = null, target_count = null,
  code = null, request_id = null, reason = null, erased_at = ? where id = ? and account = ? and erased_at is null`;
const DELETE_TARGET = 'delete from audit_target where account = ? and target = ? and entry = ?';
/** Who chains audit entries must read those again that are not chained yet. */
const READ_AGAIN = `update chain_position set erasures = erasures + 1 where log = 'audit' and last_entry < ?`;
const DELETE_SALT = `update chain_link set salt = null where entry = ? and chain = (select number from chain where account = ? and log = 'audit')`;
const ADD_RECORD = 'insert into audit (at, account, operation, target, reason) values (?, ?, ?, ?, ?)';
/** An entry is erased once, so there is one record of it. */
const ADD_TARGET = `insert into audit_target (account, target, entry)
  select account, target, id from audit where account = ? and operation = ? and target = ? order by id desc limit 1`;

/** The first statement changes one row, if the entry was not erased meanwhile. */
export function entryErasureCalls(
  { account, id, at, reason }: AuditErasure,
  entry: LogEntry,
): readonly TextCall[] {
  const record = erasureTarget('audit', id);
  return [
    [ERASE, at, id, account],
    ...auditTargetsIn(entry).map((target): TextCall => [DELETE_TARGET, account, target, id]),
    [READ_AGAIN, id],
    [DELETE_SALT, id, account],
    [ADD_RECORD, at, account, ERASURE, record, reason],
    [ADD_TARGET, account, ERASURE, record],
  ];
}
