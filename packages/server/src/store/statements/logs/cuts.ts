import { auditTargetsIn, CUT, type Cut } from '../../ports/logs/chains.ts';
import type { TextCall } from '../text-call.ts';

const CUT_CHAIN =
  'update chain set cut_entry = ?, cut_head = ? where number = ? and cut_entry = ? and last_entry >= ?';
const ADD_RECORD = 'insert into audit (at, account, operation, target, more_targets) values (?, ?, ?, ?, ?)';
/** Of the record, whose first target no other entry has. */
const ADD_TARGET = `insert into audit_target (account, target, entry)
  select account, cast(? as text), id from audit where account = ? and operation = ? and target = ? order by id desc limit 1`;
const DELETE_LINKS = 'delete from chain_link where chain = ? and entry > ? and entry <= ?';
const DELETE_TARGET = 'delete from audit_target where account = ? and target = ? and entry = ?';
const deleteEntries = (log: Cut['chain']['log']) =>
  `delete from ${log} where account = ? and id > ? and id <= ?`;

/** The first statement changes one row, if the chain is as it was read. */
export function cutCalls({ chain, entry, head, entries, at, targets }: Cut): readonly TextCall[] {
  const { account, log, number, cutEntry } = chain;
  const [first = '', ...more] = targets;
  return [
    [CUT_CHAIN, entry, head, number, cutEntry, entry],
    [ADD_RECORD, at, account, CUT, first, more.length === 0 ? null : more.join('\n')],
    ...targets.map((target): TextCall => [ADD_TARGET, target, account, CUT, first]),
    [DELETE_LINKS, number, cutEntry, entry],
    ...(log === 'audit' ? entries : []).flatMap((deleted) =>
      auditTargetsIn(deleted).map((target): TextCall => [DELETE_TARGET, account, target, deleted.id]),
    ),
    [deleteEntries(log), account, cutEntry, entry],
  ];
}
