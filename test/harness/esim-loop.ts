import { once } from 'node:events';
import { Readable } from 'node:stream';
import { runCli } from '../../packages/cli/src/cli.ts';
import type { CommandLine, Outcome } from './esim.ts';

/** Runs the command lines that the parent process sends, each as main.ts would, and answers with their outcomes. */
process.on('disconnect', () => process.exit());
while (process.connected) {
  const [line] = (await once(process, 'message')) as [CommandLine];
  process.send?.(await outcomeOf(line));
}

async function outcomeOf({ cwd, env, stdin, args }: CommandLine): Promise<Outcome> {
  process.chdir(cwd);
  process.env = { PATH: process.env.PATH, ...env };
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([Buffer.from(stdin)]) });
  const [out, err] = [collect(process.stdout), collect(process.stderr)];
  const code = await runCli(args);
  return { code, out: out(), err: err() };
}

/** Collects what is written to a stream from now on. */
function collect(stream: NodeJS.WriteStream): () => string {
  const pieces: Buffer[] = [];
  stream.write = (piece: string | Uint8Array) => {
    pieces.push(Buffer.from(piece as string));
    return true;
  };
  return () => Buffer.concat(pieces).toString();
}
