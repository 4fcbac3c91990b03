import type { IdempotencyStore, IdempotentRequest } from '../ports/idempotency.ts';
import {
  type IdempotencyRow,
  idempotencyColumns,
  idempotencyTargetColumns,
  idempotentFromRow,
  idempotentToRow,
} from '../rows/idempotency.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteIdempotency(connection: Connection): IdempotencyStore {
  const { readableOne, write } = connection;
  const statements = prepareStatements(connection);
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
    if (statements.insert(idempotentToRow(request))) return 'started';
    return find(account, key) as IdempotentRequest;
  };
  return {
    beginRequest: (request, abandonedBefore) => write(() => begin(request, abandonedBefore)),
    saveAnswer: (account, key, { status, sealed }, iccids) =>
      write(() => {
        if (Number(statements.saveAnswer.run(status, sealed, account, key).changes) !== 1) return;
        for (const iccid of iccids) statements.insertTarget({ account, iccid, key });
      }),
    deleteRequest: (account, key) => write(() => void statements.deleteByKey.run(account, key)),
    deleteRequestsBefore: (begunAt, most) =>
      write(() => Number(statements.deleteBegunBefore.run(begunAt, most).changes)),
  };
}

function prepareStatements({ db, kysely, prepare }: Connection) {
  const byKey = () => kysely.deleteFrom('idempotency').where('account', '=', '').where('key', '=', '');
  return prepareLazily({
    insert: () => prepareInsert(db, 'idempotency', idempotencyColumns, 'account, key'),
    insertTarget: () =>
      prepareInsert(db, 'idempotency_target', idempotencyTargetColumns, 'account, iccid, key'),
    byKey: () =>
      prepare(kysely.selectFrom('idempotency').selectAll().where('account', '=', '').where('key', '=', '')),
    deleteAbandoned: () => prepare(byKey().where('begun_at', '<', 0).where('status', 'is', null)),
    deleteByKey: () => prepare(byKey()),
    deleteBegunBefore: () =>
      prepare(
        kysely
          .deleteFrom('idempotency')
          .where(({ eb, refTuple, selectFrom }) =>
            eb(
              refTuple('account', 'key'),
              'in',
              selectFrom('idempotency')
                .select(['account', 'key'])
                .where('begun_at', '<', 0)
                .orderBy('begun_at')
                .limit(1)
                .$asTuple('account', 'key'),
            ),
          ),
      ),
    saveAnswer: () =>
      prepare(
        kysely
          .updateTable('idempotency')
          .set({ status: 0, sealed: new Uint8Array() })
          .where('account', '=', '')
          .where('key', '=', ''),
      ),
  });
}
