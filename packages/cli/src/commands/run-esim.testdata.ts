import { execFile } from 'node:child_process';

const main = new URL('../main.ts', import.meta.url).pathname;

export type Outcome = { readonly code: number; readonly out: string; readonly err: string };
export type Surroundings = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
};

/** Runs one `esim` command line in a process of its own. */
export function runEsim({ cwd, env, stdin = '' }: Surroundings, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, ...env } };
    const child = execFile(process.execPath, [main, ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end(stdin);
  });
}
