import type { Compilable, Kysely } from 'kysely';
import type { Tables } from '../rows/tables.ts';

/** Builds statements of one record, each when it is first used. */
export type Queries = Readonly<Record<string, () => Compilable>>;

/**
 * Kysely for any engine: it writes the placeholders of that engine. The values that a query is built with are only places: those of
 * each call are bound in the same order.
 */
export type Builder = Kysely<Tables>;
