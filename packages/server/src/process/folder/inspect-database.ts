import { DatabaseSync } from 'node:sqlite';
import { canUse, newestSchema, type Schema, schemaQuery } from '../../store/migrations/migrate.ts';
import { type PostgresOptions, placeOf } from '../../store/postgres/connection/options.ts';
import { readSchema } from '../../store/postgres/migrations.ts';
import { databaseIn } from '../data.ts';
import { sizeOf } from './check-database.ts';

export { UNFINISHED_COPY } from '../../store/migrations/unfinished-copy.ts';

/** A database as it is, without a migration. */
export type DatabaseSummary = {
  readonly path: string;
  /** Octets, with what is in the write-ahead log. */
  readonly bytes: number;
  /** The schema that it has, and the newest one that this program knows. */
  readonly schema: number;
  readonly newestSchema: number;
  /** Whether this program can use it without a migration. */
  readonly isUsable: boolean;
};

/** Reads the size and the schema of the database; undefined: there is none. Throws the error of SQLite if it cannot be read. */
export function inspectDatabase(dataDir: string): DatabaseSummary | undefined {
  const path = databaseIn(dataDir);
  const bytes = sizeOf(path) + sizeOf(`${path}-wal`);
  if (bytes === 0) return undefined;
  using db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  const row = db.prepare('select max(number) as schema from migration').get();
  const schema = Number(row?.schema);
  const isUsable = schema >= newestSchema && canUse(db.prepare(schemaQuery).get() as Schema);
  return { path, bytes, schema, newestSchema, isUsable };
}

/** The same for PostgreSQL: where it is, without the password, and its schema. Throws if it cannot be reached. */
export async function inspectPostgres(
  database: PostgresOptions,
): Promise<Omit<DatabaseSummary, 'path' | 'bytes'> & { readonly place: string }> {
  const schema = await readSchema(database);
  return { place: placeOf(database.url), schema: schema.number, newestSchema, isUsable: canUse(schema) };
}
