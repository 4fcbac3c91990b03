import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@esim-rsp/codec';
import { es9Listener } from '@esim-rsp/server/http/es9-listener';
import { envMaker } from '@esim-rsp/server/keys/env';
import { openKeys } from '@esim-rsp/server/keys/smdp-keys';
import { openSqliteStore } from '@esim-rsp/server/store/sqlite';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { storeMetadataFor } from '@esim-rsp/sgp22/profile/metadata';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { Change } from '@esim-rsp/smdp/ports';
import { ready } from '../process.ts';

/** ES9+ over plain HTTP with a SQLite file: the whole SM-DP+ but TLS. Arguments: number of profiles, bytes of each package. */
const [profiles = '1000', packageBytes = '12000'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'esim-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const database = join(folder, 'bench.db');
const store = await openSqliteStore(database);
const smdpAddress = 'localhost:8443';
const keys = await openKeys({
  directory: join(folder, 'pki'),
  host: 'localhost',
  tls: false,
  now: Date.now(),
});

/** A RELEASED profile that any eUICC may download under the MatchingID `BENCH-<i>`. Nobody looks into its package. */
function released(i: number): Change {
  const iccid = parseIccid(String(8_900_000_000_000_000_000n + BigInt(i)));
  const now = Math.floor(Date.now() / 1000);
  const metadata = storeMetadataFor({
    iccid,
    serviceProviderName: 'Bench',
    profileName: 'Bench profile',
    profileClass: 'operational',
    notificationAddress: smdpAddress,
  });
  return {
    profile: {
      iccid,
      account: 'bench',
      imsi: '001010000000001',
      metadata: metadata.bytes,
      changedAt: now,
      version: 0,
      state: 'RELEASED',
      order: {
        matchingId: parseMatchingId(`BENCH-${i}`),
        downloadAttemptsLeft: 10,
        releasedAt: now,
        reusePolicy: { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 },
        reusesLeft: 0,
      },
    },
    content: { package: systemRandom(Number(packageBytes)) },
  };
}

for (let i = 0; i < Number(profiles); i += 500)
  await store.save(Array.from({ length: Math.min(500, Number(profiles) - i) }, (_, k) => released(i + k)));

const env = envMaker({
  keys,
  smdpAddress,
  limits: { sessionSeconds: 600, resultSeconds: 86_400, downloadAttempts: 10, confirmationCodeAttempts: 3 },
});
const log = {
  refused: (name: string, status: object) => console.error(name, status),
  failed: (name: string, _id: string, error: unknown) => console.error(name, error),
};
const server = createServer(es9Listener({ functions: es9Functions, store, env, log }, { bodyBytes: 65_536 }));
server.listen(0, '127.0.0.1', () =>
  ready((server.address() as { port: number }).port, {
    database,
    pki: join(folder, 'pki'),
    ciPKId: toHex(keys.trust[0]?.keyId ?? new Uint8Array()),
  }),
);
