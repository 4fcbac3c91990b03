import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { PhoneError } from '../phone-error.ts';
import type { AnswerLine } from './answer-lines.ts';
import { linesOf } from './lines.ts';

export type Program = {
  readonly path: string;
  readonly args: readonly string[];
  readonly answer: AnswerLine;
  /** Called with each line that asks for nothing. */
  readonly onLine: (line: string) => void;
};

export type RunningProgram = {
  /** Resolves to the exit code, 128 and the number of the signal if a signal ended it. Rejects with a PhoneError if it cannot be started. */
  readonly ended: Promise<number>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

/** Starts a program that uses the card of a phone by lpac's stdio protocol, and answers what it asks. */
export function startProgram(program: Program): RunningProgram {
  const child = spawn(program.path, program.args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment(),
  });
  return { ended: serve(child, program), kill: (signal) => void child.kill(signal) };
}

/** Configures lpac to use stdio for the card and for HTTP, unless the user says otherwise. Settings of this product, keys among them, are left out. */
function environment(): NodeJS.ProcessEnv {
  const theirs = Object.entries(process.env).filter(([name]) => !name.startsWith('ESIM_'));
  return { LPAC_APDU: 'stdio', LPAC_HTTP: 'stdio', ...Object.fromEntries(theirs) };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

async function serve(child: Child, { path, answer, onLine }: Program): Promise<number> {
  child.stdin.on('error', () => undefined); // the program need not wait for every answer
  const exited = exitOf(child, path);
  exited.catch(() => undefined); // awaited below
  try {
    for await (const line of linesOf(child.stdout)) {
      const reply = await answer(line);
      if (reply === undefined) onLine(line);
      else if (child.stdin.writable) child.stdin.write(`${reply}\n`);
    }
    return await exited;
  } catch (error) {
    child.kill();
    throw error;
  }
}

function exitOf(child: Child, path: string): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new PhoneError('program', `${path} cannot be started: ${error.message}`, { cause: error })),
    );
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
