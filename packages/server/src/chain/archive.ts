import { accessSync, constants, createReadStream, mkdirSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogName } from '../store/ports/logs/chains.ts';
import type { OldRecordKind } from '../store/ports/logs/old-records.ts';

/** A folder of files to which entries and records are appended before they are deleted: one for each log or kind, day and node. */
export type Archive = {
  /** Appends lines, and resolves when they are on the disk. */
  readonly append: (what: LogName | OldRecordKind, now: number, lines: readonly string[]) => Promise<void>;
};

const FILE = /^(?:audit|event)-(\d{4}-\d{2}-\d{2})-[\w-]+\.ndjson$/;

/** Creates the folder if it is not there. Throws if it cannot be written. */
export function openArchive(folder: string, node: string): Archive {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  return {
    append: async (what, now, lines) => {
      const day = new Date(now).toISOString().slice(0, 10);
      const isNew = await appendLines(join(folder, `${what}-${day}-${node}.ndjson`), lines);
      if (isNew) await syncFolder(folder);
    },
  };
}

async function appendLines(path: string, lines: readonly string[]): Promise<boolean> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = size > 0 ? (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] : 10;
    // a line that a power cut has left half written ends here
    const start = last === 10 ? '' : '\n';
    await file.appendFile(`${start}${lines.map((line) => `${line}\n`).join('')}`);
    await file.sync();
    return size === 0;
  } finally {
    await file.close();
  }
}

/** A file survives a power cut if its folder knows it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export type PlacedLine = { readonly text: string; readonly place: string };

/** All lines of the files of the logs in a folder, those of the first day first. */
export async function* readArchive(folder: string): AsyncGenerator<PlacedLine> {
  const dayOf = (name: string) => FILE.exec(name)?.[1] ?? '';
  const names = readdirSync(folder).filter((name) => FILE.test(name));
  for (const name of names.toSorted((a, b) => dayOf(a).localeCompare(dayOf(b)) || a.localeCompare(b))) {
    const input = createReadStream(join(folder, name));
    let number = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (text !== '') yield { text, place: `line ${number} of ${name}` };
    }
  }
}
