import { admit, type LogFields } from './fields.ts';
import { currentScope } from './scope.ts';

export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/** A member that `fields.ts` does not declare is an error of the compiler, also in a variable. */
type OnlyDeclared<F> = { readonly [Name in Exclude<keyof F, keyof LogFields>]: never };

export type Write = <F extends LogFields>(message: string, fields?: F & OnlyDeclared<F>) => void;

/** The log: a sentence and declared members. */
export type Log = { readonly [L in Level]: Write };

/** Where lines are written. */
export type Lines = {
  isLevelEnabled(level: Level): boolean;
} & { readonly [L in Level]: (members: object, message: string) => void };

const MOST_LETTERS = 1000;

/** A log that writes declared members only, and those of the scope. `withIdentifiers`: also ICCIDs and EIDs. */
export function createLog(lines: Lines, withIdentifiers: boolean): Log {
  const writeAt =
    (level: Level): Write =>
    (message, fields = {} as never) => {
      if (!lines.isLevelEnabled(level)) return;
      const members = admit({ ...currentScope(), ...fields }, withIdentifiers);
      lines[level](members, message.slice(0, MOST_LETTERS));
    };
  return { debug: writeAt('debug'), info: writeAt('info'), warn: writeAt('warn'), error: writeAt('error') };
}
