import type { IdempotencyStore, IdempotentRequest } from '../ports/idempotency.ts';
import {
  type IdempotencyRow,
  idempotencyColumns,
  idempotencyTargetColumns,
  idempotentFromRow,
  idempotentToRow,
} from '../rows/idempotency.ts';
import { idempotencyQueries } from '../statements/idempotency.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteIdempotency(connection: Connection): IdempotencyStore {
  const { readableOne, write } = connection;
  const statements = connection.prepareEach(idempotencyQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'idempotency', idempotencyColumns, 'account, key'),
    insertTarget: () =>
      prepareInsert(connection, 'idempotency_target', idempotencyTargetColumns, 'account, iccid, key'),
  });
  const find = (account: string, key: string) =>
    readableOne(
      rowsOf(statements.byKey, account, key),
      idempotentFromRow,
      ({ key }: IdempotencyRow) => `idempotency ${key}`,
      ({ account }) => account,
    );
  const begin = (request: IdempotentRequest, abandonedBefore: number) => {
    const { account, key } = request;
    statements.deleteAbandoned.run(account, key, abandonedBefore);
    if (writes.insert(idempotentToRow(request))) return 'started';
    return find(account, key) as IdempotentRequest;
  };
  return {
    beginRequest: (request, abandonedBefore) => write(() => begin(request, abandonedBefore)),
    saveAnswer: (account, key, { status, sealed }, iccids) =>
      write(() => {
        if (Number(statements.saveAnswer.run(status, sealed, account, key).changes) !== 1) return;
        for (const iccid of iccids) writes.insertTarget({ account, iccid, key });
      }),
    deleteRequest: (account, key) => write(() => void statements.deleteByKey.run(account, key)),
    deleteRequestsBefore: (begunAt, most) =>
      write(() => Number(statements.deleteBegunBefore.run(begunAt, most).changes)),
  };
}
