import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { openStore } from '@esim-rsp/server/process/data';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { ProfileProtection } from '@esim-rsp/smdp/state/profile';
import { optionsFor } from '#server/store/postgres/testing/server.harness';
import type { Settings } from '../test/harness/server.ts';
import type { Measured } from './process.ts';
import { ACCOUNT, finishSealing, released } from './seed.ts';
import { startBenchServer } from './server.ts';

const BATCH = 500;

/** What the server of the sessions has in stock, and how it signs. */
export type Stock = {
  readonly profiles: number;
  readonly packageBytes: number;
  readonly protection: ProfileProtection;
  readonly curve: Curve;
};

/** Where a store is: a folder, and a database in PostgreSQL. */
export type Place = Parameters<typeof openStore>[0];

/** The server with ES9+ over plain HTTP, as behind a proxy: all of the SM-DP+ except TLS. `port` is that of ES9+. */
export type SessionsServer = Measured & {
  readonly pid: number;
  /** Of the REST API. */
  readonly restPort: number;
  readonly place: Place;
  readonly pkiDir: string;
  readonly ciPKId: Uint8Array;
};

/** The source that runs, and stores. */
export type Build = { readonly openStore: typeof openStore; readonly root?: string };

/** Starts it with profiles that any eUICC may download with the MatchingID `BENCH-<i>`. `databaseUrl`: of PostgreSQL, in place of a SQLite file. */
export async function startSessionsServer(
  stock: Stock,
  settings: Settings = {},
  databaseUrl?: string,
  build: Build = { openStore },
): Promise<SessionsServer> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'esim-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true }));
  const pkiDir = join(folder, 'pki');
  const place = { dataDir: folder, ...(databaseUrl !== undefined && { database: optionsFor(databaseUrl) }) };
  const chance = { random: systemRandom, generateKey: generateSigningKey };
  const pki = makeTestPki({ ...chance, now: Date.now(), curve: stock.curve, hosts: ['localhost'] });
  await writePkiDirectory(pkiDir, testPkiFiles(pki));
  await fill(await build.openStore(place), stock);
  const all = {
    ESIM_ES9_TLS: '0',
    ESIM_SMDP_ADDRESS: 'localhost:8443',
    ESIM_SESSION_SECONDS: '600',
    ESIM_CODE_ATTEMPTS_PER_ADDRESS: '1000',
    ...(databaseUrl !== undefined && { ESIM_DATABASE_URL: databaseUrl }),
    ...settings,
  };
  const server = await startBenchServer(folder, all, build.root);
  opened.use(server);
  const ending = opened.move();
  return {
    port: Number(new URL(server.es9Url).port),
    pid: server.pid,
    restPort: server.port,
    usage: server.usage,
    place,
    pkiDir,
    ciPKId: pki.ci.certificate.subjectKeyIdentifier as Uint8Array,
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

async function fill(store: ServerStore, { profiles, packageBytes, protection }: Stock): Promise<void> {
  const stocked = (i: number) => released(i, content(systemRandom(packageBytes), protection), `BENCH-${i}`);
  for (let i = 0; i < profiles; i += BATCH)
    await store.save(Array.from({ length: Math.min(BATCH, profiles - i) }, (_, k) => stocked(i + k)));
  await finishSealing(store);
  await store.close();
}

/** Every session must have installed its profile; otherwise the measurement is not valid. */
export async function mustBeInstalled(
  place: Place,
  sessions: number,
  open: Build['openStore'] = openStore,
): Promise<void> {
  const store = await open(place);
  const { total } = await store.listProfiles({ account: ACCOUNT, state: 'INSTALLED', count: 1, offset: 0 });
  await store.close();
  if (total !== sessions) throw new Error(`${sessions} sessions installed ${total} profiles`);
}

/** Nothing reads the package. */
function content(upp: Uint8Array, protection: ProfileProtection): ProfileContent {
  if (protection === 'session_keys') return { package: upp };
  const ppk = generatePpk(systemRandom);
  return { ppk, sequenceOf86: protectWithPpk(upp, ppk) };
}
