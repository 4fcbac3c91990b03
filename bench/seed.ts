import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { matchingIdFrom, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Change } from '@esim-rsp/smdp/state/change';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import { openSqliteStore } from '#server/store/sqlite/store';

/** The account that owns every profile of a benchmark. */
export const ACCOUNT = 'bench';

const SMDP_ADDRESS = 'localhost:8443';
const BATCH = 5000;
/** PostgreSQL saves some batches while the next ones are created. */
const BATCHES_AT_A_TIME = 3;

export function iccidOf(i: number): Iccid {
  return parseIccid(String(8_900_000_000_000_000_000n + BigInt(i)));
}

/** RELEASED profile i, to be stored: any eUICC may download it. */
export function released(i: number, content: ProfileContent, matchingId: string): Change {
  const iccid = iccidOf(i);
  const now = Math.floor(Date.now() / 1000);
  const metadata = storeMetadataFor({
    iccid,
    serviceProviderName: 'Bench',
    profileName: 'Bench profile',
    profileClass: 'operational',
    notificationAddress: SMDP_ADDRESS,
  });
  return {
    profile: {
      iccid,
      account: ACCOUNT,
      imsi: imsiOf(i),
      metadata: metadata.bytes,
      protection: 'ppk' in content ? 'ppk' : 'session_keys',
      changedAt: now,
      version: 0,
      state: 'RELEASED',
      order: {
        matchingId: parseMatchingId(matchingId),
        downloadAttemptsLeft: 10,
        releasedAt: now,
        reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
        reusesLeft: 0,
      },
    },
    content,
  };
}

/** AVAILABLE profile i of a type, to be stored. */
export function available(i: number, profileType: string, content: ProfileContent): Change {
  const change = released(i, content, '');
  if (!('profile' in change) || change.profile.state !== 'RELEASED')
    throw new TypeError('it is not RELEASED');
  const { order: _order, ...known } = change.profile;
  return { profile: { ...known, profileType, state: 'AVAILABLE' }, content };
}

function imsiOf(i: number): string {
  return `00101${String(i).padStart(10, '0')}`;
}

function fromParameters(i: number): Change {
  const [ki, opc] = [systemRandom(16), systemRandom(16)];
  const input = { iccid: iccidOf(i), imsi: imsiOf(i), ki, opc, serviceProviderName: 'Bench' };
  const parameters = completeParameters(input, systemRandom);
  return released(i, { parameters }, matchingIdFrom(systemRandom(13)));
}

/**
 * A data folder with `count` RELEASED profiles that were built from parameters. It stays in the system's temporary folder
 * for the next run, which uses it again if the tables and the seeding are the same.
 */
export async function seededFolder(count: number): Promise<string> {
  const folder = join(tmpdir(), `esim-bench-${count}-${formOfData()}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  const store = await openSqliteStore(join(unfinished, 'esim.db'));
  await fillWith(store, count);
  await store.close();
  renameSync(unfinished, folder);
  return folder;
}

/** A server looks once through a store for secrets that are not sealed, in the background: it is to be over before anything is measured. */
export async function finishSealing(store: Pick<ServerStore, 'sealSome' | 'refusePlain'>): Promise<void> {
  for (let part = await store.sealSome(); part.table !== undefined; ) part = await store.sealSome();
  await store.refusePlain();
}

/** Stores `count` RELEASED profiles that were built from parameters. */
export async function fillWith(
  store: Pick<ServerStore, 'save' | 'sealSome' | 'refusePlain'>,
  count: number,
): Promise<void> {
  let next = 0;
  const saveBatches = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(first + BATCH, count);
      if (first % 100_000 === 0 && count > 100_000)
        console.error(`  created ${first} of ${count} profiles …`);
      await store.save(Array.from({ length: next - first }, (_, k) => fromParameters(first + k)));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_A_TIME }, saveBatches));
  await finishSealing(store);
}

/** A temporary folder that is gone when it is disposed of. */
export function newFolder(): AsyncDisposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'esim-bench-'));
  return { path, [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true, force: true }) };
}

/** A value that changes when the tables or the seeding change. */
function formOfData(): string {
  const migrations = new URL('../packages/server/src/store/migrations/', import.meta.url);
  const names = readdirSync(migrations).filter((name) => /^\d{4}-.*\.ts$/.test(name));
  const sources = [
    new URL('seed.ts', import.meta.url),
    ...names.sort().map((name) => new URL(name, migrations)),
  ];
  const digest = createHash('sha256');
  for (const source of sources) digest.update(readFileSync(source));
  return digest.digest('hex').slice(0, 8);
}
