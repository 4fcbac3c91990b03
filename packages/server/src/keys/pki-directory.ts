import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PkiError, type PkiFiles, roleOfFile } from '@esim-rsp/sgp22/pki/files';

/** Certificates and keys are small and few: anything else in the folder is a mistake. */
const FILE_BYTES = 65_536;
const FILES = 1000;

/** Reads the folder of a PKI and the folders in it; undefined when there is none, or nothing in it. */
export async function readPkiDirectory(directory: string): Promise<PkiFiles | undefined> {
  const names = await namesIn(directory);
  if (names.length === 0) return undefined;
  if (names.length > FILES) throw new PkiError(`${directory} has more than ${FILES} files: it is no PKI`);
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const { size } = await stat(join(directory, name));
    if (size <= FILE_BYTES) files.set(name, await readFile(join(directory, name)));
    else if (roleOfFile(name) !== undefined)
      throw new PkiError(`${name} has ${size} bytes, which is no certificate and no key`);
  }
  return files;
}

/** Files at the top and one level below, as SGP.26 lays them out; links are followed, hidden names passed over. */
async function namesIn(directory: string, levels = 2): Promise<string[]> {
  const names: string[] = [];
  for (const name of await visibleIn(directory)) {
    const path = join(directory, name);
    if (!(await stat(path)).isDirectory()) names.push(name);
    else if (levels > 1) for (const below of await namesIn(path, levels - 1)) names.push(`${name}/${below}`);
  }
  return names;
}

async function visibleIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Writes a PKI so that it is there as a whole or not at all: into a new folder beside, made durable, then renamed.
 * Only the owner may read it. `exists`: somebody else was there first; nothing was changed.
 */
export async function writePkiDirectory(directory: string, files: PkiFiles): Promise<'written' | 'exists'> {
  const unfinished = `${directory}.${process.pid}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  try {
    for (const [name, content] of files) {
      const path = join(unfinished, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeDurably(path, content);
    }
    return await renameToNew(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function renameToNew(from: string, directory: string): Promise<'written' | 'exists'> {
  try {
    await rename(from, directory);
    return 'written';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return 'exists';
    throw error;
  }
}

/** Writes a new file that only its owner may read, on the disk when the promise resolves. */
async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
