import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Chance } from '../../../fuzz/chance.ts';
import type { Settings } from '../../harness/server.ts';

/** What a process has done to a database file. `at`: nanoseconds of the monotonic clock (`process.hrtime`). */
export type FileChange = {
  readonly operation: 'write' | 'truncate' | 'sync' | 'unlink';
  readonly file: string;
  readonly at: bigint;
  readonly offset: number;
  readonly data: Uint8Array;
};

/** Records the writes of a server. */
export type Recorder = Disposable & {
  /** Settings of a server whose writes are recorded. */
  readonly settings: Settings;
  /** All records so far, in the order of the changes. */
  read(): readonly FileChange[];
};

const SOURCE = join(import.meta.dirname, 'record-writes.c');

/** Why writes cannot be recorded here; undefined: they can. */
export function missingForRecorder(): string | undefined {
  if (process.platform !== 'linux') return 'it needs LD_PRELOAD of Linux';
  const { status } = spawnSync('cc', ['--version']);
  return status === 0 ? undefined : 'it needs a C compiler (cc)';
}

export function createRecorder(): Recorder {
  const folder = mkdtempSync(join(tmpdir(), 'esim-faults-writes-'));
  const [library, log] = [join(folder, 'record-writes.so'), join(folder, 'writes')];
  const { status, stderr } = spawnSync('cc', [
    '-shared',
    '-fPIC',
    '-O2',
    '-o',
    library,
    SOURCE,
    '-ldl',
    '-lpthread',
  ]);
  if (status !== 0) throw new Error(`${SOURCE} does not compile: ${stderr}`);
  return {
    settings: { LD_PRELOAD: library, WRITES_LOG: log },
    read: () => [...changesIn(readFileSync(log))],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const operations = [undefined, 'write', 'truncate', 'sync', 'unlink'] as const;
const HEADER = 32;

/** Reads the records of record-writes.c. The last one may be cut off by a kill. */
function* changesIn(log: Buffer): Generator<FileChange> {
  for (let at = 0; at + HEADER <= log.length; ) {
    const operation = operations[log.readUInt32LE(at)];
    if (operation === undefined) throw new Error('the records of writes are damaged');
    const pathEnd = at + HEADER + log.readUInt32LE(at + 4);
    const end = pathEnd + Number(log.readBigUInt64LE(at + 24));
    if (end > log.length) return;
    yield {
      operation,
      file: basename(log.toString('utf8', at + HEADER, pathEnd)),
      at: log.readBigUInt64LE(at + 8),
      offset: Number(log.readBigUInt64LE(at + 16)),
      data: log.subarray(pathEnd, end),
    };
    at = end;
  }
}

/** What a disk does in a power cut to what was not synced: all of it is gone, the later part is, or any sectors are. */
export const lossKinds = ['all', 'the latest', 'any sectors'] as const;
export type Loss = (typeof lossKinds)[number];

export type Files = ReadonlyMap<string, Uint8Array>;

/** The files as a power cut after these changes leaves them. `before`: the files before the first change. */
export function filesAfterCut(
  before: Files,
  changes: readonly FileChange[],
  loss: Loss,
  chance: Chance,
): Files {
  const files = new Map(before);
  for (const [name, own] of Map.groupBy(changes, ({ file }) => file)) {
    const synced = own.findLastIndex(({ operation }) => operation === 'sync') + 1;
    const kept = [...own.slice(0, synced), ...survivors(own.slice(synced), loss, chance)];
    const content = contentAfter(before.get(name), kept);
    if (content === undefined) files.delete(name);
    else files.set(name, content);
  }
  return files;
}

/** The changes that reach the disk although nothing has synced them. */
function survivors(unsynced: readonly FileChange[], loss: Loss, chance: Chance): readonly FileChange[] {
  if (loss === 'all') return [];
  if (loss === 'the latest') return unsynced.slice(0, chance.number(unsynced.length + 1));
  return unsynced.flatMap(sectorsOf).filter(() => chance.number(2) === 0);
}

const SECTOR = 512;

/** A disk writes sectors: each of them is there or not. */
function sectorsOf(change: FileChange): FileChange[] {
  if (change.operation !== 'write') return [change];
  const { offset, data } = change;
  const sectors: FileChange[] = [];
  for (let start = offset; start < offset + data.length; ) {
    const end = Math.min(start + SECTOR - (start % SECTOR), offset + data.length);
    sectors.push({ ...change, offset: start, data: data.subarray(start - offset, end - offset) });
    start = end;
  }
  return sectors;
}

/** undefined: there is no such file. */
function contentAfter(
  before: Uint8Array | undefined,
  changes: readonly FileChange[],
): Uint8Array | undefined {
  const ends = changes.map(({ offset, data }) => offset + data.length);
  const content = Buffer.alloc(Math.max(before?.length ?? 0, ...ends));
  content.set(before ?? []);
  let length = before?.length;
  for (const { operation, offset, data } of changes)
    if (operation === 'unlink') length = undefined;
    else if (operation === 'truncate') {
      content.fill(0, offset, length);
      length = offset;
    } else if (operation === 'write') {
      content.set(data, offset);
      length = Math.max(length ?? 0, offset + data.length);
    }
  return length === undefined ? undefined : content.subarray(0, length);
}
