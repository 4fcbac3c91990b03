import { createHash } from 'node:crypto';
import { cp, type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { MasterKeySource } from '../../store/ports/secrets/master-key.ts';
import { PROVIDE_MASTER_KEY } from '../../store/sealing/data-keys.ts';
import { KEY_FILE } from '../../store/sealing/key-file.ts';
import { openFolder, openStore } from '../data.ts';
import { findDamage } from '../folder/check-database.ts';
import { LOCK_FILE, lockFolder } from '../folder/lock.ts';
import { syncFolder } from '../folder/marker.ts';
import { UNFINISHED_RESTORE } from '../folder/names.ts';
import { isInside } from '../folder/pki-owner.ts';
import { StartError } from '../start-error.ts';
import { isSafePath, MANIFEST_FILE, MAX_MANIFEST_BYTES, type Manifest, parseManifest } from './manifest.ts';
import { readExactly, readTarHeader, type TarEntry, TarError, tarPadding } from './tar.ts';

export type RestoreOptions = {
  readonly file: string;
  readonly dataDir: string;
  readonly pkiDir: string;
  /** Where the master key of the backup is. */
  readonly masterKey: MasterKeySource;
  readonly report: (progress: RestoreProgress) => void;
};

export type RestoreProgress = {
  readonly step: 'reading the backup' | 'checking the database';
  /** From 0 to 1. */
  readonly share: number;
};

export type Restored = {
  readonly manifest: Manifest;
  /** Where the PKI is now. undefined: that folder had files already, and was not changed. */
  readonly pkiDir?: string;
};

const CHUNK = 1_048_576;
/** In this order: a start refuses a PKI without a database, so the database comes last. */
const DATABASE = 'esim.db';

/**
 * Restores a backup into a data folder that is empty. First it reads and checks everything: the checksums, the database, and
 * that this program knows its version. Then it moves the files into place. Throws a StartError that says what to do.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { dataDir, file } = options;
  openFolder(dataDir);
  await requireEmpty(dataDir);
  const unlock = lockFolder(dataDir);
  const scratch = join(dataDir, UNFINISHED_RESTORE);
  try {
    await mkdir(scratch, { mode: 0o700 });
    const manifest = await extract(options, scratch);
    await requireMasterKey(options, manifest);
    await checkDatabase(options, scratch);
    return { manifest, ...(await moveIntoPlace(options, scratch)) };
  } catch (error) {
    throw explain(file, error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    unlock();
    await rm(join(dataDir, LOCK_FILE), { force: true });
  }
}

async function requireEmpty(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter(
    (name) => ![LOCK_FILE, KEY_FILE, 'lost+found'].includes(name),
  );
  if (names.length > 0)
    throw new StartError(
      `the data folder ${dataDir} is not empty (${names.slice(0, 3).join(', ')}): move its content away, or set ESIM_DATA_DIR to another folder`,
    );
}

/** A backup does not have the key that opens its secrets. */
async function requireMasterKey(
  { file, masterKey }: RestoreOptions,
  { master_key: id }: Manifest,
): Promise<void> {
  if (id === undefined) return;
  const found = await masterKey.read(id);
  if (found?.id === id) return;
  const what = found === undefined ? 'there is none' : `there is ${found.id}`;
  throw new StartError(
    `the secrets in ${file} are sealed with the master key ${id}, and ${what} in ${masterKey.place}: ${PROVIDE_MASTER_KEY}`,
  );
}

function explain(file: string, error: unknown): unknown {
  if (error instanceof TarError || error instanceof ValueError)
    return new StartError(`${file} is not a complete backup: ${error.message}; use another backup`, {
      cause: error,
    });
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof StartError) return error;
  return new StartError(`the backup cannot be restored (${message}): nothing was changed`, { cause: error });
}

/** Writes the files of the backup into a folder, and compares them with the manifest, which comes last. */
async function extract({ file, report }: RestoreOptions, folder: string): Promise<Manifest> {
  await using tar = await open(file);
  const { size: total } = await tar.stat();
  const found = new Map<string, { readonly size: number; readonly sha256: string }>();
  for (let entry = await readTarHeader(tar); entry !== undefined; entry = await readTarHeader(tar)) {
    if (entry.name === MANIFEST_FILE) return compare(await readManifest(tar, entry), found);
    if (!isSafePath(entry.name) || found.has(entry.name))
      throw new TarError(`it has the path ${JSON.stringify(entry.name)}`);
    const done = (octets: number) => report({ step: 'reading the backup', share: octets / total });
    found.set(entry.name, { size: entry.size, sha256: await extractFile(tar, entry, folder, done) });
  }
  throw new TarError(`it has no ${MANIFEST_FILE}`);
}

async function readManifest(tar: FileHandle, { size }: TarEntry): Promise<Manifest> {
  if (size > MAX_MANIFEST_BYTES) throw new TarError(`its ${MANIFEST_FILE} is too large`);
  return parseManifest((await readExactly(tar, size)).toString('utf8'));
}

function compare(
  manifest: Manifest,
  found: ReadonlyMap<string, { readonly size: number; readonly sha256: string }>,
): Manifest {
  for (const { name, size, sha256 } of manifest.files) {
    const file = found.get(name);
    if (file === undefined) throw new TarError(`${name} is missing`);
    if (file.size !== size || file.sha256 !== sha256) throw new TarError(`${name} is damaged`);
  }
  if (found.size !== manifest.files.length)
    throw new TarError('it has files that its manifest does not name');
  if (!found.has(DATABASE)) throw new TarError(`${DATABASE} is missing`);
  return manifest;
}

/** Writes one file durably; resolves to its checksum. */
async function extractFile(
  tar: FileHandle,
  { name, size }: TarEntry,
  folder: string,
  done: (octets: number) => void,
): Promise<string> {
  const path = join(folder, ...name.split('/'));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using target = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  for (let left = size; left > 0; ) {
    const chunk = await readExactly(tar, Math.min(left, CHUNK));
    hash.update(chunk);
    await target.writeFile(chunk);
    left -= chunk.length;
    done(size - left);
  }
  await target.sync();
  await readExactly(tar, tarPadding(size).length);
  return hash.digest('hex');
}

/** The database must be intact, and of a version that this program knows: opening the store migrates an older one. */
async function checkDatabase({ file, masterKey, report }: RestoreOptions, folder: string): Promise<void> {
  const finding = await findDamage(join(folder, DATABASE), ({ done, tables }) =>
    report({ step: 'checking the database', share: done / tables }),
  );
  if (finding !== undefined)
    throw new StartError(`the database in ${file} is damaged (${finding}): use another backup`);
  const store = await openStore({ dataDir: folder }, undefined, masterKey);
  await store.close();
}

async function moveIntoPlace({ dataDir, pkiDir }: RestoreOptions, scratch: string) {
  const keepsPki = !isInside(dataDir, pkiDir) && (await readdir(pkiDir).catch(() => [])).length > 0;
  const names = (await readdir(scratch)).filter((name) => !name.startsWith(DATABASE));
  for (const name of names.filter((name) => name !== 'pki'))
    await rename(join(scratch, name), join(dataDir, name));
  if (names.includes('pki') && !keepsPki) await movePki(join(scratch, 'pki'), pkiDir);
  await rename(join(scratch, DATABASE), join(dataDir, DATABASE));
  syncFolder(dataDir);
  return keepsPki ? {} : { pkiDir };
}

/** To another file system the files are copied, because they cannot be moved there. */
async function movePki(from: string, pkiDir: string): Promise<void> {
  await mkdir(dirname(pkiDir), { recursive: true, mode: 0o700 });
  try {
    await rename(from, pkiDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, pkiDir, { recursive: true });
  }
}
