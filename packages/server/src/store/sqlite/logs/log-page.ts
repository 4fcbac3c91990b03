import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { RawBuilder } from 'kysely';
import type { LogPage } from '../../ports/log-page.ts';
import {
  type LogRecords,
  type LogRoute,
  type LogRow,
  readPage,
  readPart,
  type SortedRange,
} from '../../statements/logs/log-page.ts';
import type { Connection } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';

/** Reads a log. */
export function logReader<R extends LogRow, T>(
  { kysely, prepare, readLong }: Connection,
  records: LogRecords<R, T>,
): (route: LogRoute, range: SortedRange) => Promise<LogPage<T>> {
  const statements = new Map<string, StatementSync>(); // one for each set of filters
  const rowsFor = (query: RawBuilder<unknown>): R[] => {
    const { sql: text, parameters } = query.compile(kysely);
    const statement = statements.get(text) ?? prepare({ compile: () => query.compile(kysely) });
    statements.set(text, statement);
    return rowsOf(statement, ...(parameters as SQLInputValue[])) as R[];
  };
  const partOf = (route: LogRoute, range: SortedRange) => {
    const steps = readPart(records, route, range);
    let step = steps.next();
    while (step.done !== true) step = steps.next(rowsFor(step.value));
    return step.value;
  };
  return (route, range) => readPage(range, (part) => readLong(() => partOf(route, part)));
}
