import {
  type BegunRequest,
  type IdempotencyStore,
  type IdempotentRequest,
  RequestTakenOver,
  type WorkDone,
} from '../ports/idempotency.ts';
import {
  doneInRow,
  type IdempotencyRow,
  type IdempotencyTargetRow,
  idempotencyColumns,
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
  });
  const find = (account: string, key: string) =>
    readableOne(
      rowsOf(statements.byKey, account, key),
      (row: IdempotencyRow) =>
        idempotentFromRow(row, rowsOf(statements.targets, account, key, key) as IdempotencyTargetRow[]),
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
    saveAnswer: ({ account, key, begunAt }, { status, sealed }, iccids) =>
      write(() => {
        statements.saveAnswer.run(status, sealed, account, key, begunAt);
        for (const iccid of iccids) statements.addTarget.run(iccid, account, key, begunAt);
      }),
    deleteRequest: ({ account, key, begunAt }, undone) =>
      write(() => {
        const remove = undone === undefined ? statements.deleteRefused : statements.deleteUndone;
        remove.run(account, key, begunAt);
      }),
    deleteRequestsBefore: (begunAt, most) =>
      write(() => Number(statements.deleteBegunBefore.run(begunAt, most).changes)),
  };
}

type RecordWork = (request: BegunRequest | undefined, work: Partial<WorkDone>) => boolean;

/** Records, inside a write, what a request has done; false: the request was started again by another process. Without a request, nothing is recorded. */
export function workRecorder({ prepareEach }: Connection): RecordWork {
  const statements = prepareEach(idempotencyQueries);
  return (request, work) => {
    if (request === undefined) return true;
    const { account, key, begunAt } = request;
    const values = [doneInRow(work), work.id ?? null, account, key, begunAt];
    if (Number(statements.recordWork.run(...values).changes) !== 1) return false;
    for (const iccid of work.iccids ?? []) statements.addTarget.run(iccid, account, key, begunAt);
    return true;
  };
}

/** The same for a write that is undone by an error. */
export function mustRecordWork(connection: Connection): (...work: Parameters<RecordWork>) => void {
  const record = workRecorder(connection);
  return (request, work) => {
    if (!record(request, work)) throw new RequestTakenOver(request as BegunRequest);
  };
}
