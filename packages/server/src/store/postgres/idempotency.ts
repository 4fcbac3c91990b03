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
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import { isStale } from './connection/failures.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall, mustChangeOne } from './connection/write-row.ts';

const statements = statementsOf(idempotencyQueries);
const insert = insertCall('idempotency', idempotencyColumns, 'account, key');
const recordOwnWork = mustChangeOne(statements.recordWork);
const nameOf = ({ key }: IdempotencyRow) => `idempotency ${key}`;
const accountOf = ({ account }: IdempotencyRow) => account;

export function postgresIdempotency({
  rows,
  write,
  change,
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
      const targets = (await rows(statements.targets, account, key, key)) as IdempotencyTargetRow[];
      const from = (row: IdempotencyRow) => idempotentFromRow(row, targets);
      const known = readableOne(found?.rows ?? [], from, nameOf, accountOf);
      if (known !== undefined) return known; // otherwise it was deleted in between
    }
  };
  return {
    beginRequest: (request, abandonedBefore) =>
      inOrder([`request ${request.account} ${request.key}`], () => begin(request, abandonedBefore)),
    saveAnswer: async (request, { status, sealed }, iccids) => {
      const { account, key, begunAt } = request;
      const save = { statement: statements.saveAnswer, values: [status, sealed, account, key, begunAt] };
      await write([save, ...addTargets(request, iccids)]);
    },
    deleteRequest: async ({ account, key, begunAt }, undone) => {
      const remove = undone === undefined ? statements.deleteRefused : statements.deleteUndone;
      await change(remove, account, key, begunAt);
    },
    deleteRequestsBefore: (begunAt, most) => change(statements.deleteBegunBefore, begunAt, most),
  };
}

function addTargets({ account, key, begunAt }: BegunRequest, iccids: readonly string[]): Call[] {
  return iccids.map((iccid) => ({
    statement: statements.addTarget,
    values: [iccid, account, key, begunAt],
  }));
}

/** Records what a request has done; fails as stale if the request was started again by another process. Without a request, nothing is recorded. */
export function recordWork(request: BegunRequest | undefined, work: Partial<WorkDone>): Call[] {
  if (request === undefined) return [];
  const { account, key, begunAt } = request;
  const values = [doneInRow(work), work.id ?? null, account, key, begunAt];
  return [{ statement: recordOwnWork, values }, ...addTargets(request, work.iccids ?? [])];
}

/** Does a write that records the work of a request, and cannot be stale otherwise. */
export async function asWorkOf<T>(request: BegunRequest | undefined, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (request !== undefined && isStale(error)) throw new RequestTakenOver(request);
    throw error;
  }
}
