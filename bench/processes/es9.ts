import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@esim-rsp/codec';
import { writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { openKeys } from '@esim-rsp/server/keys/smdp-keys';
import { protectWithPpk } from '@esim-rsp/sgp22/bpp/bind';
import { generatePpk } from '@esim-rsp/sgp22/bpp/session-keys';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import { es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import { createEnvFactory } from '#server/keys/env';
import { createCodeAttempts } from '#server/limits/code-attempts';
import { es9Listener } from '#server/rsp/es9/listener';
import { openSqliteStore } from '#server/store/sqlite/store';
import { ready } from '../process.ts';
import { released } from '../seed.ts';

/**
 * ES9+ over plain HTTP with a SQLite file: the whole SM-DP+ without TLS. Arguments: number of profiles, bytes of each
 * package, its protection, the curve.
 */
const [profiles = '1000', packageBytes = '12000', protection = 'session_keys', curve = 'P-256'] =
  process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'esim-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const database = join(folder, 'bench.db');
const store = await openSqliteStore(database);
const smdpAddress = 'localhost:8443';
const chance = { random: systemRandom, generateKey: generateSigningKey };
const pki = makeTestPki({ ...chance, now: Date.now(), curve: curve as Curve, hosts: ['localhost'] });
await writePkiDirectory(join(folder, 'pki'), testPkiFiles(pki));
const keys = await openKeys({
  directory: join(folder, 'pki'),
  host: 'localhost',
  tls: false,
  now: Date.now(),
});

/** A profile that any eUICC may download with the MatchingID `BENCH-<i>`. Nothing reads its package. */
const stocked = (i: number) => released(i, content(systemRandom(Number(packageBytes))), `BENCH-${i}`);
function content(upp: Uint8Array): ProfileContent {
  if (protection === 'session_keys') return { package: upp };
  const ppk = generatePpk(systemRandom);
  return { ppk, sequenceOf86: protectWithPpk(upp, ppk) };
}
for (let i = 0; i < Number(profiles); i += 500)
  await store.save(Array.from({ length: Math.min(500, Number(profiles) - i) }, (_, k) => stocked(i + k)));

const env = createEnvFactory({
  keys,
  smdpAddress,
  limits: { sessionSeconds: 600, resultSeconds: 86_400, downloadAttempts: 10, confirmationCodeAttempts: 3 },
});
const log = {
  refused: (name: string, status: object) => console.error(name, status),
  failed: (name: string, _id: string, error: unknown) => console.error(name, error),
};
const server = createServer(
  es9Listener(
    { functions: es9Functions, store, env, log, codeAttempts: createCodeAttempts(60) },
    { bodyBytes: 65_536 },
  ),
);
server.listen(0, '127.0.0.1', () =>
  ready((server.address() as { port: number }).port, {
    database,
    pki: join(folder, 'pki'),
    ciPKId: toHex(keys.trust[0]?.keyId ?? new Uint8Array()),
  }),
);
