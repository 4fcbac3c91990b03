import type { StatementSync } from 'node:sqlite';
import type { TextCall, TextEngine } from '../../statements/text-call.ts';
import type { Connection } from './connection.ts';
import { rowsOf } from './read-rows.ts';

export function textEngine({ db, readLong, write }: Connection): TextEngine {
  const prepared = new Map<string, StatementSync>();
  const prepare = (text: string) => {
    const statement = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  const run = ([text, ...values]: TextCall) => Number(prepare(text).run(...values).changes);
  return {
    read: (calls) => readLong(() => calls.map(([text, ...values]) => rowsOf(prepare(text), ...values))),
    writeIf: ([first, ...others]) =>
      write(() => {
        if (first === undefined || run(first) !== 1) return false;
        for (const call of others) run(call);
        return true;
      }, others.length + 1),
  };
}
