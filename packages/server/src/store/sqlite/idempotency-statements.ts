import type { StatementSync } from 'node:sqlite';
import type { Compilable, Kysely } from 'kysely';
import type { Tables } from '../rows/columns.ts';

export function idempotencyStatements(kysely: Kysely<Tables>, prepare: (query: Compilable) => StatementSync) {
  const gone = kysely.deleteFrom('idempotency').where('account', '=', '').where('key', '=', '');
  return {
    idempotent: prepare(
      kysely.selectFrom('idempotency').selectAll().where('account', '=', '').where('key', '=', ''),
    ),
    removeAbandoned: prepare(gone.where('begun_at', '<', 0).where('status', 'is', null)),
    forgetIdempotent: prepare(gone),
    keepAnswer: prepare(
      kysely
        .updateTable('idempotency')
        .set({ status: 0, sealed: new Uint8Array() })
        .where('account', '=', '')
        .where('key', '=', ''),
    ),
    removeIdempotentBefore: prepare(kysely.deleteFrom('idempotency').where('begun_at', '<', 0)),
  };
}
