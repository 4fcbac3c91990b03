import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve as join } from 'node:path';
import { withCompileCache } from '../../scripts/compile-cache.ts';
import { compiledCommand } from './compiled-command.ts';
import { databaseOf } from './database.ts';

/** Exit code, stdout and stderr of a command. */
export type Outcome = { readonly code: number; readonly out: string; readonly err: string };
/** Where a command line runs, with its environment variables and its stdin. */
export type Surroundings = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
};

/** Runs one `esim` command line in a process of its own. */
export function runEsim({ cwd, env, stdin = '' }: Surroundings, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, ...databaseFor(cwd, env), ...env } };
    const child = execFile(process.execPath, [compiledCommand(), ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end(stdin);
  });
}

/** The database of the data folder that a command line uses, if it is in PostgreSQL. */
function databaseFor(cwd: string, env: Surroundings['env']): Surroundings['env'] {
  return databaseOf(join(cwd, env.ESIM_DATA_DIR ?? 'data'));
}

/** A process that runs many command lines, one after the other, without a start for each. */
export type EsimLoop = Disposable & {
  run(surroundings: Surroundings, ...args: string[]): Promise<Outcome>;
};

/** What the process is asked to run. */
export type CommandLine = Required<Surroundings> & { readonly args: readonly string[] };

export function startEsimLoop(): EsimLoop {
  const child = fork(new URL('esim-loop.ts', import.meta.url), {
    execArgv: [],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: withCompileCache.NODE_COMPILE_CACHE },
    serialization: 'advanced',
  });
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`the process that runs esim ended with ${code}`);
  });
  exit.catch(() => undefined);
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: ({ cwd, env, stdin = '' }, ...args) => {
      const outcome = last.then(async () => {
        const line: CommandLine = { cwd, env: { ...databaseFor(cwd, env), ...env }, stdin, args };
        child.send(line);
        const [answer] = await Promise.race([once(child, 'message'), exit]);
        return answer as Outcome;
      });
      last = outcome.catch(() => undefined);
      return outcome;
    },
    [Symbol.dispose]: () => void child.disconnect(),
  };
}
