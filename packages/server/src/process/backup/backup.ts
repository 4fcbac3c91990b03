import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { backup as copyPages, DatabaseSync } from 'node:sqlite';
import { OWNER_FILE } from '../../keys/smdp-keys.ts';
import { databaseIn } from '../data.ts';
import { findDamage } from '../folder/check-database.ts';
import { MARKER_FILE, syncFolder } from '../folder/marker.ts';
import { isInside } from '../folder/pki-owner.ts';
import { StartError } from '../start-error.ts';
import { version } from '../version.ts';
import { recordBackup } from './last-backup.ts';
import { FORMAT, MANIFEST_FILE, type Manifest, type ManifestFile } from './manifest.ts';
import { TAR_END, tarHeader, tarPadding } from './tar.ts';

export type BackupOptions = {
  readonly dataDir: string;
  readonly pkiDir: string;
  /** The file with the master key, which is no part of a backup. */
  readonly masterKeyFile?: string;
  /** The file to write: it must not exist. */
  readonly file: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly report: (progress: BackupProgress) => void;
};

export type BackupProgress = {
  readonly step: 'copying the database' | 'checking the copy' | 'writing the backup';
  /** From 0 to 1. */
  readonly share: number;
};

/** Pages of the database that are copied at a time. */
const PAGES = 2000;
const CHUNK = 1_048_576;
/** Files of the data folder that belong to the running server, not to its data, and what a backup must not give away: the master key, and the API key of the command line. The database is copied in another way. */
const LEFT_OUT =
  /^(?:master\.key(?:\..*)?|credentials\.json|esim\.db(?:-wal|-shm|-journal)?|\..*|.*\.unfinished|.*\.lock(?:-journal)?)$/;

/**
 * Writes the data of a server, which may be running, into one tar file that only its owner may read: the database as it was
 * at one moment, the PKI and the other files of the data folder, and a manifest with checksums. The file appears when it is
 * complete and on the disk. Throws a StartError that says what to do.
 */
export async function writeBackup(options: BackupOptions): Promise<Manifest> {
  const { file } = options;
  const unfinished = `${file}.${process.pid}.unfinished`;
  const copy = `${unfinished}.db`;
  if (isInside(options.dataDir, file))
    throw new StartError(`${file} is in the data folder: choose a file in another folder`);
  if ((await stat(file).catch(() => undefined)) !== undefined)
    throw new StartError(`${file} exists already: choose another file`);
  try {
    const masterKey = await copyDatabase(options, copy);
    const manifest = await writeTar(options, masterKey, copy, unfinished);
    await rename(unfinished, file);
    syncFolder(dirname(file));
    await recordBackup(options.dataDir, options.now);
    return manifest;
  } catch (error) {
    throw explain(file, error);
  } finally {
    for (const path of [unfinished, copy]) await rm(path, { force: true });
  }
}

function explain(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new StartError(
    `the backup ${file} cannot be written (${message}): its folder must be writable, and have room for the database twice`,
    { cause: error },
  );
}

/** One read transaction around the copy, so that writers neither wait for it nor make it start again. Resolves to the id of the master key. */
async function copyDatabase({ dataDir, report }: BackupOptions, copy: string): Promise<string | undefined> {
  await (await open(copy, 'wx', 0o600)).close();
  using source = new DatabaseSync(databaseIn(dataDir), { timeout: 5000 });
  source.exec('begin');
  source.prepare('select count(*) from sqlite_master').get();
  const masterKey = masterKeyIn(source);
  const step = 'copying the database';
  report({ step, share: 0 });
  await copyPages(source, copy, {
    rate: PAGES,
    progress: ({ totalPages, remainingPages }) => report({ step, share: 1 - remainingPages / totalPages }),
  });
  const finding = await findDamage(copy, ({ done, tables }) =>
    report({ step: 'checking the copy', share: done / tables }),
  );
  if (finding !== undefined)
    throw new StartError(
      `the database ${databaseIn(dataDir)} is damaged (${finding}): keep the backups that you have`,
    );
  return masterKey;
}

async function writeTar(
  options: BackupOptions,
  masterKey: string | undefined,
  copy: string,
  path: string,
): Promise<Manifest> {
  const sources = [['esim.db', copy] as const, ...(await otherFiles(options))];
  const tar = await open(path, 'wx', 0o600);
  try {
    const files: ManifestFile[] = [];
    for (const [name, source] of sources) files.push(await addFile(tar, name, source, options));
    const manifest: Manifest = {
      format: FORMAT,
      version,
      created_at: new Date(options.now).toISOString(),
      ...(masterKey !== undefined && { master_key: masterKey }),
      files,
    };
    const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    const header = tarHeader({ name: MANIFEST_FILE, size: text.length }, Math.floor(options.now / 1000));
    for (const part of [header, text, tarPadding(text.length), TAR_END]) await tar.writeFile(part);
    await tar.sync();
    return manifest;
  } finally {
    await tar.close();
  }
}

/** The id of the master key that the secrets of a database need. */
function masterKeyIn(db: DatabaseSync): string | undefined {
  const isThere = db.prepare("select 1 from sqlite_schema where name = 'data_key'").get() !== undefined;
  const row = isThere ? db.prepare('select master_key from data_key limit 1').get() : undefined;
  return row === undefined ? undefined : String(row.master_key);
}

/** Adds one file and computes its checksum. A file that changes its size meanwhile is an error. */
async function addFile(
  tar: FileHandle,
  name: string,
  path: string,
  { now, report }: BackupOptions,
): Promise<ManifestFile> {
  await using source = await open(path);
  const { size } = await source.stat();
  const hash = createHash('sha256');
  await tar.writeFile(tarHeader({ name, size }, Math.floor(now / 1000)));
  let written = 0;
  for await (const chunk of source.createReadStream({ highWaterMark: CHUNK, autoClose: false })) {
    hash.update(chunk);
    await tar.writeFile(chunk);
    written += chunk.length;
    if (name === 'esim.db') report({ step: 'writing the backup', share: written / size });
  }
  if (written !== size) throw new StartError(`${path} changed during the backup: try again`);
  await tar.writeFile(tarPadding(size));
  return { name, size, sha256: hash.digest('hex') };
}

/** The PKI as `pki/…`, wherever its folder is, and what else is in the data folder. */
async function otherFiles({
  dataDir,
  pkiDir,
  masterKeyFile,
}: BackupOptions): Promise<(readonly [string, string])[]> {
  const inData = await filesBelow(dataDir, (path) => path !== masterKeyFile && !isInside(pkiDir, path));
  const inPki = await filesBelow(pkiDir, () => true);
  return [
    ...inPki.map((name) => [`pki/${name}`, join(pkiDir, name)] as const),
    ...inData.filter((name) => !name.startsWith('pki/')).map((name) => [name, join(dataDir, name)] as const),
  ];
}

/** Relative paths of the files in a folder that are data, with slashes. Links are followed, as everywhere. */
async function filesBelow(folder: string, wanted: (path: string) => boolean, below = ''): Promise<string[]> {
  const names = await readdir(join(folder, below)).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter(isData).sort()) {
    const path = join(folder, below, name);
    const relative = below === '' ? name : `${below}/${name}`;
    if (!wanted(path)) continue;
    if ((await stat(path)).isDirectory()) found.push(...(await filesBelow(folder, wanted, relative)));
    else found.push(relative);
  }
  return found;
}

function isData(name: string): boolean {
  return name === OWNER_FILE || !(name === MARKER_FILE || LEFT_OUT.test(name));
}
