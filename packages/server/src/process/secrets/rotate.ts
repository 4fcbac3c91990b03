import { existsSync, linkSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyUri } from '../../keys/token/key-uri.ts';
import type { TokenSettings } from '../../keys/token/token.ts';
import type { MasterKey } from '../../store/ports/secrets/master-key.ts';
import type { ServerStore } from '../../store/ports/server-store.ts';
import { StoreError } from '../../store/ports/store-error.ts';
import {
  createKeyFile,
  KEY_FILE,
  nextKeyFile,
  oldKeyFile,
  readKeyFile,
} from '../../store/sealing/key-file.ts';
import type { Config } from '../config.ts';
import { syncFolder } from '../folder/marker.ts';
import { StartError } from '../start-error.ts';
import { tokenSource } from './token-master-key.ts';

/** Every running server has read a new data key after this time. */
const NOTICE_MS = 60_000;

export type SealProgress = { readonly step: string; readonly rows: number; readonly sealed: number };
type Report = (progress: SealProgress) => void;

/** Wraps the data keys with a new master key. Servers that run are not disturbed. It can be run again after an interruption, and then finishes. */
export async function rotateMasterKey(
  store: ServerStore,
  config: Pick<Config, 'dataDir' | 'masterKey'>,
  newKeyFile: string | undefined,
): Promise<{ readonly from: string; readonly to: string; readonly file: string; readonly oldFile?: string }> {
  const from = await masterKeyInUse(store);
  const path = newKeyFile ?? fileOf(config);
  if (path === undefined)
    throw new StartError(
      'name the new key with --new-key-file or --new-key-uri: the settings have the old one in no file',
    );
  const isReplaced = path === fileOf(config);
  const file = isReplaced ? nextKeyFile(path) : path;
  const next = keyIn(file);
  if (next.id !== from) await store.rewrapDataKeys(next);
  if (!isReplaced) return { from, to: next.id, file: path };
  const oldFile = keepOld(path);
  renameSync(file, path);
  syncFolder(dirname(path));
  return { from, to: next.id, file: path, ...(oldFile !== undefined && { oldFile }) };
}

/** Backups of before need the key that is replaced. */
function keepOld(path: string): string | undefined {
  const old = readKeyFile(path);
  if (old === undefined) return undefined;
  const kept = oldKeyFile(path, old.id);
  if (!existsSync(kept)) linkSync(path, kept);
  return kept;
}

/** The same with a master key in a token, which must be there. */
export async function rotateToToken(
  store: ServerStore,
  uri: KeyUri,
  token: TokenSettings,
): Promise<{ readonly from: string; readonly to: string }> {
  const from = await masterKeyInUse(store);
  try {
    const next = await tokenSource(uri, token).read();
    if (next.id !== from) await store.rewrapDataKeys(next);
    return { from, to: next.id };
  } catch (error) {
    throw error instanceof StoreError ? new StartError(error.message, { cause: error }) : error;
  }
}

async function masterKeyInUse(store: ServerStore): Promise<string> {
  const { masterKey } = await store.secretsStatus();
  if (masterKey === undefined)
    throw new StartError("the secrets are not sealed yet: run 'esim secrets seal'");
  return masterKey;
}

/** The file that has the master key; undefined: it is in no file. */
function fileOf({ dataDir, masterKey }: Pick<Config, 'dataDir' | 'masterKey'>): string | undefined {
  if (masterKey === undefined) return join(dataDir, KEY_FILE);
  return 'file' in masterKey ? masterKey.file : undefined;
}

function keyIn(file: string): MasterKey {
  return (existsSync(file) ? readKeyFile(file) : undefined) ?? createKeyFile(file);
}

/**
 * Seals everything with a new data key, or continues with one that was added before and has not sealed everything. `wait`: servers are running, which must
 * know the key before it is used.
 */
export async function sealWithNewDataKey(store: ServerStore, wait: boolean, report: Report): Promise<number> {
  const { dataKeys, unfinished, masterKey } = await store.secretsStatus();
  const newest = dataKeys.at(-1);
  const isBegun = newest !== undefined && (unfinished.length > 0 || newest.beginsAt > Date.now());
  if (!isBegun || masterKey === undefined) await store.addDataKey(wait ? Date.now() + NOTICE_MS : 0);
  return sealWithNewest(store, report);
}

/** Seals everything with the newest data key, as soon as its time has come; resolves to the number of values that were not sealed with it before. */
export async function sealWithNewest(store: ServerStore, report: Report): Promise<number> {
  const begin = (await store.secretsStatus()).dataKeys.at(-1)?.beginsAt ?? 0;
  while (Date.now() < begin) {
    const seconds = Math.ceil((begin - Date.now()) / 1000);
    report({ step: `every server reads the new key: ${seconds} s`, rows: 0, sealed: 0 });
    await sleep(Math.min(1000, begin - Date.now() + 1));
  }
  let [rows, sealed] = [0, 0];
  for (;;) {
    const part = await store.sealSome();
    if (part.table === undefined) {
      await store.refusePlain();
      return sealed;
    }
    rows += part.rows;
    sealed += part.sealed;
    report({ step: `sealing ${part.table}`, rows, sealed });
  }
}
