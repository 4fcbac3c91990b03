import type { StatementSync } from 'node:sqlite';
import type { Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type {
  DueUpstream,
  OperationClaim,
  OperationFilter,
  OperationStore,
} from '../../ports/gateway/operations.ts';
import {
  type OperationRow,
  operationColumns,
  operationFromRow,
  operationToRow,
} from '../../rows/gateway/operations.ts';
import {
  CLAIMED,
  dueOperation,
  operationList,
  operationListValues,
  operationQueries,
  type ReadyRow,
  reservationsFrom,
} from '../../statements/gateway/operations.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert, prepareNextVersion } from '../connection/write-row.ts';

const nameOf = ({ id }: OperationRow) => `operation ${id}`;

export function sqliteOperations(connection: Connection): OperationStore {
  const { db, kysely, opened, prepare, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(operationQueries);
  const operationFrom = opened('operation', operationFromRow);
  const claims = prepareLazily({
    claim: () =>
      db.prepare(
        `update operation set ${CLAIMED}, last_attempt_at = ?, lease_node = ?, lease_until = ? where id = (${dueOperation(kysely).compile().sql}) returning *`,
      ),
  });
  const lists = new Map<string, StatementSync>(); // one for each set of filters
  const listOf = (filter: OperationFilter) => {
    const query = operationList(kysely, filter);
    const { sql } = query.compile();
    const statement = lists.get(sql) ?? prepare(query);
    lists.set(sql, statement);
    return rowsOf(statement, ...operationListValues(filter));
  };
  const claim = ({ account, upstream, node, now, leaseUntil }: OperationClaim) =>
    readableOne(
      rowsOf(claims.claim, now, node, leaseUntil, account, upstream, now, now),
      operationFrom,
      nameOf,
    );
  return {
    operation: (id) =>
      read(() =>
        readableOne(firstRowOf(statements.byId, id), operationFrom, nameOf, ({ account }) => account),
      ),
    operations: (filter) => read(() => readable(listOf(filter), operationFrom, nameOf)),
    reservations: ({ account, profileType, upstream }, most) =>
      read(() => {
        const ready = rowsOf(statements.readyInStock, account, profileType, most, upstream) as ReadyRow[];
        const { count } = statements.openReservations.get(account, profileType, upstream) as {
          count: number;
        };
        const latest = rowsOf(statements.latestReservations, account, profileType, upstream);
        return reservationsFrom(ready, count, readable(latest, operationFrom, nameOf));
      }),
    dueUpstreams: (now) =>
      read(() => (rowsOf(statements.due, now, now) as DueUpstream[]).map((one) => ({ ...one }))),
    claimOperation: (wanted) => write(() => claim(wanted)),
    releaseOperations: (node) => write(() => void statements.release.run(node)),
    deleteOldOperations: (before, most) =>
      write(() => Number(statements.deleteOld.run(before, most).changes)),
  };
}

/** Writes the next version of an operation; false: the stored one is not the version before. */
export function operationWriter(connection: Connection): (operation: Operation) => boolean {
  const statements = prepareLazily({
    insert: () => prepareInsert(connection, 'operation', operationColumns, 'id'),
    update: () => prepareNextVersion(connection, 'operation', operationColumns, ['id']),
  });
  return (operation) => {
    const row = operationToRow({ ...operation, version: operation.version + 1 });
    return operation.version === 0 ? statements.insert(row) : statements.update(row);
  };
}
