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
import { builder, statement } from '../connection/statements.ts';

/** Reads a log. */
export function logReader<R extends LogRow, T>(
  { rowsAlone }: Connection,
  records: LogRecords<R, T>,
): (route: LogRoute, range: SortedRange) => Promise<LogPage<T>> {
  const rowsFor = async (raw: RawBuilder<unknown>): Promise<R[]> => {
    const query = raw.compile(builder);
    return (await rowsAlone(statement({ compile: () => query }), ...query.parameters)) as R[];
  };
  const partOf = async (route: LogRoute, range: SortedRange) => {
    const steps = readPart(records, route, range);
    let step = steps.next();
    while (step.done !== true) step = steps.next(await rowsFor(step.value));
    return step.value;
  };
  return (route, range) => readPage(range, (part) => partOf(route, part));
}
