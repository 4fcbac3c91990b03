import type { Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { DueUpstream, OperationStore } from '../../ports/gateway/operations.ts';
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
import type { Call } from '../connection/batch.ts';
import type { Connection } from '../connection/connection.ts';
import { builder, statement, statementOf, statementsOf } from '../connection/statements.ts';
import { insertOneCall, nextVersionCall } from '../connection/write-row.ts';

const statements = statementsOf(operationQueries);
const due = statement(dueOperation(builder)).text;
/** Workers do not wait for each other: what another one is claiming is not for this one. */
const claim = statementOf(
  `update operation set ${CLAIMED}, last_attempt_at = $5, lease_node = $6, lease_until = $7 where id = (${due} for update skip locked) returning *`,
);
const insert = insertOneCall('operation', operationColumns, 'id');
const update = nextVersionCall('operation', operationColumns, ['id']);
const nameOf = ({ id }: OperationRow) => `operation ${id}`;
const accountOf = ({ account }: OperationRow) => account;

export function postgresOperations(connection: Connection): OperationStore {
  const { opened, rows, readable, readableOne, write, change } = connection;
  const operationFrom = opened('operation', operationFromRow);
  return {
    operation: async (id) => readableOne(await rows(statements.byId, id), operationFrom, nameOf, accountOf),
    operations: async (filter) =>
      readable(
        await rows(statement(operationList(builder, filter)), ...operationListValues(filter)),
        operationFrom,
        nameOf,
      ),
    reservations: async ({ account, profileType, upstream }, most) => {
      const [ready, open, latest] = await Promise.all([
        rows(statements.readyInStock, account, profileType, most, upstream),
        rows(statements.openReservations, account, profileType, upstream),
        rows(statements.latestReservations, account, profileType, upstream),
      ]);
      const [{ count }] = open as [{ count: number }];
      return reservationsFrom(
        ready as readonly ReadyRow[],
        Number(count),
        readable(latest, operationFrom, nameOf),
      );
    },
    dueUpstreams: async (now) => (await rows(statements.due, now, now)) as DueUpstream[],
    claimOperation: async ({ account, upstream, node, now, leaseUntil }) => {
      const values = [account, upstream, now, now, now, node, leaseUntil];
      const [claimed] = await write([{ statement: claim, values }]);
      return readableOne(claimed?.rows ?? [], operationFrom, nameOf);
    },
    releaseOperations: async (node) => void (await change(statements.release, node)),
    deleteOldOperations: (before, most) => change(statements.deleteOld, before, most),
  };
}

/** Writes the next version of an operation; fails as stale if the stored one is not the version before. */
export function writeOperation(operation: Operation): Call {
  const row = operationToRow({ ...operation, version: operation.version + 1 });
  return operation.version === 0 ? insert(row) : update(row);
}
