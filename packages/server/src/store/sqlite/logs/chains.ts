import type { StatementSync } from 'node:sqlite';
import type { ChainStore, LeaseStore, LogName } from '../../ports/logs/chains.ts';
import { chainStore, type TextCall } from '../../statements/logs/chains.ts';
import type { Connection } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';

export function sqliteChains({ db, readLong, write }: Connection): ChainStore & LeaseStore {
  const prepared = new Map<string, StatementSync>();
  const prepare = (text: string) => {
    const statement = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  const run = ([text, ...values]: TextCall) => Number(prepare(text).run(...values).changes);
  return chainStore({
    read: (calls) => readLong(() => calls.map(([text, ...values]) => rowsOf(prepare(text), ...values))),
    writeIf: ([first, ...others]) =>
      write(() => {
        if (first === undefined || run(first) !== 1) return false;
        for (const call of others) run(call);
        return true;
      }, others.length + 1),
    /** One writer at a time: what is committed is complete. */
    settled: (log: LogName) =>
      readLong(() => {
        const [last] = rowsOf(prepare(`select max(id) as id from ${log}`)) as { id: number | null }[];
        return last?.id ?? 0;
      }),
  });
}
