import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError } from '../../command.ts';
import { stopSignals } from '../../stop-signal.ts';
import { linesOf } from './lines.ts';

export type Program = {
  readonly path: string;
  readonly args: readonly string[];
  /** The answer to a line; undefined for a line that asks for nothing. */
  readonly answer: (line: string) => Promise<string | undefined>;
  /** Told of the lines that ask for nothing. */
  readonly onLine: (line: string) => void;
};

/** lpac, unless it is told otherwise, asks its card and its servers here. Settings of ours, keys among them, are none of its business. */
function environment(): NodeJS.ProcessEnv {
  const theirs = Object.entries(process.env).filter(([name]) => !name.startsWith('ESIM_'));
  return { LPAC_APDU: 'stdio', LPAC_HTTP: 'stdio', ...Object.fromEntries(theirs) };
}

/** Runs a program and answers what it asks; resolves to its exit code. */
export async function runProgram({ path, args, answer, onLine }: Program): Promise<number> {
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'], env: environment() });
  child.stdin.on('error', () => undefined); // it need not wait for every answer
  const forwards = stopSignals.map((signal) => [signal, () => void child.kill(signal)] as const);
  for (const [signal, forward] of forwards) process.on(signal, forward);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new CliError(`${path} cannot be started: ${error.message}`)));
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
  ended.catch(() => undefined); // it is awaited below
  try {
    for await (const line of linesOf(child.stdout)) {
      const reply = await answer(line);
      if (reply === undefined) onLine(line);
      else if (child.stdin.writable) child.stdin.write(`${reply}\n`);
    }
    return await ended;
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    for (const [signal, forward] of forwards) process.off(signal, forward);
  }
}
