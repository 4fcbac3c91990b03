import type { IdempotencyStore, IdempotentRequest } from '../ports/idempotency.ts';
import {
  type IdempotencyRow,
  idempotencyColumns,
  idempotencyTargetColumns,
  idempotentFromRow,
  idempotentToRow,
} from '../rows/idempotency.ts';
import { idempotencyQueries } from '../statements/idempotency.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';

const statements = statementsOf(idempotencyQueries);
const insert = insertCall('idempotency', idempotencyColumns, 'account, key');
const nameOf = ({ key }: IdempotencyRow) => `idempotency ${key}`;
const accountOf = ({ account }: IdempotencyRow) => account;
const insertTarget = insertCall('idempotency_target', idempotencyTargetColumns, 'account, iccid, key');

export function postgresIdempotency({
  write,
  change,
  transaction,
  inOrder,
  readableOne,
}: Connection): IdempotencyStore {
  const begin = async (request: IdempotentRequest, abandonedBefore: number) => {
    const { account, key } = request;
    for (;;) {
      const [, inserted, found] = await write([
        { statement: statements.deleteAbandoned, values: [account, key, abandonedBefore] },
        insert(idempotentToRow(request)),
        { statement: statements.byKey, values: [account, key] },
      ]);
      if (inserted?.changes === 1) return 'started';
      const known = readableOne(found?.rows ?? [], idempotentFromRow, nameOf, accountOf);
      if (known !== undefined) return known; // otherwise it was deleted in between
    }
  };
  return {
    beginRequest: (request, abandonedBefore) =>
      inOrder([`request ${request.account} ${request.key}`], () => begin(request, abandonedBefore)),
    saveAnswer: (account, key, { status, sealed }, iccids) =>
      transaction(async (session) => {
        const [saved] = await session.run([
          { statement: statements.saveAnswer, values: [status, sealed, account, key] },
        ]);
        if (saved?.changes !== 1 || iccids.length === 0) return;
        await session.run(iccids.map((iccid) => insertTarget({ account, iccid, key })));
      }),
    deleteRequest: async (account, key) => void (await change(statements.deleteByKey, account, key)),
    deleteRequestsBefore: (begunAt, most) => change(statements.deleteBegunBefore, begunAt, most),
  };
}
