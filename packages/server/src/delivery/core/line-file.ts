import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CoreKind, CoreNetwork } from '../../store/ports/gateway/core-networks.ts';
import { CoreError } from './core-error.ts';

/** A file with a line for each subscription. */
export type LineFile = {
  /** The first line. */
  readonly header: string;
  /** The IMSI in a line; undefined: the line is about none, and stays. */
  readonly keyOf: (line: string) => string | undefined;
};

/** `text`: the line of this key from now on; undefined: none. */
export type LineChange = { readonly key: string; readonly text: string | undefined };

const endings: Readonly<Partial<Record<CoreKind, string>>> = {
  srsran_csv: 'csv',
  csv: 'csv',
  open5gs_file: 'js',
};

/** Below the folder of the files; undefined: a kind without a file. */
export function coreFileName({ account, name, kind }: CoreNetwork): string | undefined {
  const ending = endings[kind];
  return ending && join(`account-${encodeURIComponent(account)}`, `${name}.${ending}`);
}

export function coreFileOf(folder: string, core: CoreNetwork): string {
  return join(folder, coreFileName(core) ?? '');
}

type Waiting = LineChange & { readonly done: (error?: unknown) => void };
const queues = new Map<string, Waiting[]>();

/**
 * Changes one line of a file, which its readers see whole: before, or after. Changes that come while it is written are written together. The
 * file can be read by the user of the server only.
 */
export function updateFile(path: string, format: LineFile, change: LineChange): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = (error?: unknown) => (error === undefined ? resolve() : reject(error));
  const waiting = queues.get(path);
  if (waiting !== undefined) waiting.push({ ...change, done });
  else {
    queues.set(path, [{ ...change, done }]);
    void writeAll(path, format);
  }
  return promise;
}

async function writeAll(path: string, format: LineFile): Promise<void> {
  for (;;) {
    const batch = queues.get(path)?.splice(0) ?? [];
    if (batch.length === 0) break;
    const error = await writeBatch(path, format, batch).then(() => undefined, writeError);
    for (const { done } of batch) done(error);
  }
  queues.delete(path);
}

function writeError(error: unknown): CoreError {
  return new CoreError(`the file could not be written (${(error as NodeJS.ErrnoException).code})`);
}

async function writeBatch(path: string, format: LineFile, changes: readonly LineChange[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.chmod(0o600); // a crash may have left one with other permissions
    await file.writeFile(changeLines(await textOf(path), format, changes));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** The text of the file after the changes: a line keeps its place, a new one is the last. */
export function changeLines(
  before: string,
  { header, keyOf }: LineFile,
  changes: readonly LineChange[],
): string {
  const wanted = new Map(changes.map(({ key, text }) => [key, text]));
  const present = before.split('\n').filter((line) => line !== '');
  const lines = present.length === 0 ? [header] : present.slice(0, 1);
  for (const line of present.slice(1)) {
    const key = keyOf(line);
    const changed = key !== undefined && wanted.has(key) ? wanted.get(key) : line;
    if (changed !== undefined) lines.push(changed);
    if (key !== undefined) wanted.delete(key);
  }
  for (const text of wanted.values()) if (text !== undefined) lines.push(text);
  return `${lines.join('\n')}\n`;
}
