import { chown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PkiError, type PkiFiles, roleOfFile } from '@esim-rsp/sgp22/pki/files';

/** Limits for a PKI folder. A larger file or more files mean that the folder is not a PKI. */
const MAX_FILE_BYTES = 65_536;
const MAX_FILES = 1000;

/** Reads the files of a PKI folder and its subfolders. undefined: the folder does not exist or is empty. Throws a PkiError. */
export async function readPkiDirectory(directory: string): Promise<PkiFiles | undefined> {
  const names = await listFiles(directory);
  if (names.length === 0) return undefined;
  if (names.length > MAX_FILES)
    throw new PkiError(
      `${directory} has more than ${MAX_FILES} files: it is not a PKI folder; set ESIM_PKI_DIR to another one`,
    );
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const { size } = await stat(join(directory, name));
    if (size <= MAX_FILE_BYTES) files.set(name, await readFile(join(directory, name)));
    else if (roleOfFile(name) !== undefined)
      throw new PkiError(`${name} has ${size} bytes: a certificate or key has at most ${MAX_FILE_BYTES}`);
  }
  return files;
}

/** A text that changes when a file of the folder changes, is added or is removed. */
export async function fingerprintDirectory(directory: string): Promise<string> {
  const lines = [];
  for (const name of await listFiles(directory)) lines.push(await fingerprintFile(join(directory, name)));
  return lines.join('\n');
}

/** The same for one file, which must exist. */
export async function fingerprintFile(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path);
  return `${path} ${mtimeMs} ${size} ${ino}`;
}

/** Paths of the files in the folder and one level below, as in SGP.26. Links are followed, hidden names skipped. */
async function listFiles(directory: string, levels = 2): Promise<string[]> {
  const names: string[] = [];
  for (const name of await listVisible(directory)) {
    const path = join(directory, name);
    if (!(await stat(path)).isDirectory()) names.push(name);
    else if (levels > 1)
      for (const below of await listFiles(path, levels - 1)) names.push(`${name}/${below}`);
  }
  return names;
}

async function listVisible(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Writes a PKI completely or not at all: into a temporary folder, synced to disk, then renamed. Only the owner may read it.
 * `exists`: the folder already exists with content; nothing was changed.
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

/** Replaces a file in one step: a reader finds the old content or the new one. Only its owner may read it, who stays the same if root replaces it. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}.unfinished`); // hidden: no reader finds it
  await rm(unfinished, { force: true });
  await writeDurably(unfinished, content);
  const old = process.getuid?.() === 0 ? await stat(path).catch(() => undefined) : undefined;
  if (old !== undefined) await chown(unfinished, old.uid, old.gid);
  await rename(unfinished, path);
}

/** Writes a new file that only its owner may read, and syncs it to disk. */
async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
