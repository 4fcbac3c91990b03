import { equal } from 'node:assert/strict';
import { Readable } from 'node:stream';
import { concat, toBase64 } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { createLookUp } from '#server/delivery/outbound/look-up';
import { createSignInAttempts } from '#server/limits/sign-in/sign-in-attempts';
import { HttpProblem } from '#server/rest/frame/problem';
import { consoleSessions } from '#server/rest/frame/session/console-sessions';
import { readCsv } from '#server/rest/stock/import/csv';
import { type DryRun, startDryRun } from '#server/rest/stock/import/dry-run/dry-run';
import { importProfiles } from '#server/rest/stock/import/import-profiles';
import { readNdjson } from '#server/rest/stock/import/ndjson';
import type { ImportReport } from '#server/rest/stock/import/report';
import type { ReadRows } from '#server/rest/stock/import/row';
import { readZip } from '#server/rest/stock/import/zip';
import { zipOf } from '#server/rest/stock/import/zip.harness';
import { openMemoryStore } from '#server/store/sqlite/memory.harness';
import { env, iccid } from '../../test/harness/server-in-process.ts';
import { behindSelector, mutateJson, mutateOctets, mutateText } from '../mutate.ts';
import { must, type Target } from '../target.ts';

const parameters = { iccid, imsi: '001010123456789', ki: systemRandom(16), opc: systemRandom(16) };
const upp = buildProfilePackage(completeParameters(parameters, systemRandom));
const keys = '00112233445566778899aabbccddeeff,00112233445566778899aabbccddeeff';

const csv = [
  `ICCID,IMSI,Ki,OPc,SPN\n${iccid},001010123456789,${keys},Example\n8988201000000000027,001010123456780,${keys},"a, ""b"""\n`,
  `profile_package;profile_type\r\n"${toBase64(upp)}";basic\r\n`,
];
const ndjson = [
  `{"profile_package":"${toBase64(upp)}","protection":"session_keys"}\n`,
  `{"parameters":{"iccid":"${iccid}","imsi":"001010123456789","ki":"${keys.slice(0, 32)}","opc":"${keys.slice(33)}"}}\n\n{"a":1}\n`,
];
const zips = (['deflated', 'stored', 'deflated to a pipe', 'stored to a pipe', 'zip64'] as const).map((as) =>
  zipOf([
    { name: 'a/b.der', content: upp, as },
    { name: 'c.der', content: upp.subarray(0, 99), as },
  ]),
);

type Format = { readonly readRows: ReadRows; readonly seeds: readonly (string | Uint8Array)[] };
const formats: readonly Format[] = [
  { readRows: readCsv([]), seeds: csv },
  { readRows: readNdjson, seeds: ndjson },
  { readRows: readZip, seeds: zips },
];

const MOST_PIECES = 16;
const mutations = [mutateText, mutateJson, mutateOctets];

/** Imports a body that arrives in pieces. The reports must match the stored profiles. */
async function imported(readRows: ReadRows, body: Uint8Array, pieces: number): Promise<void> {
  const store = await openMemoryStore();
  const bugs: unknown[] = [];
  const log = {
    debug: () => undefined,
    error: (_message: string, details?: { readonly err?: unknown }) => void bugs.push(details?.err),
  };
  const stopping = new AbortController().signal;
  const sessions = consoleSessions(store, {
    ...{ idleSeconds: 1, longestSeconds: 1, attempts: createSignInAttempts(0, store) },
    ...{ isBehindTls: false, isDemo: false, hasLab: false, now: Date.now },
  });
  const upstreamNetwork = { allowPrivate: false, lookUp: createLookUp([]) };
  const services = {
    store,
    env,
    version: '0',
    installUrl: () => '',
    allowPrivate: false,
    upstreamNetwork,
    coreAccess: upstreamNetwork,
    stopping,
    sessions,
    log,
  };
  const size = Math.max(1, Math.ceil(body.length / pieces));
  const parts = Array.from({ length: Math.ceil(body.length / size) }, (_, i) =>
    Buffer.from(body.subarray(i * size, (i + 1) * size)),
  );
  const run = async (more: { readonly dryRun?: DryRun } = {}) => {
    const request = {
      account: 'operator',
      keyId: '0123456789abcdef',
      onCreated: () => undefined,
      body: Readable.from(parts),
      readRows,
      labels: {},
      allowsDuplicateImsi: false,
      ...more,
    };
    const reports: ImportReport[] = [];
    try {
      for await (const report of importProfiles(services, request)) reports.push(report);
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error;
    }
    if (bugs.length > 0) throw bugs[0];
    return reports;
  };
  const totalNow = async () => (await store.listProfiles({ account: 'operator', count: 1, offset: 0 })).total;
  const tried = (await run({ dryRun: startDryRun(false) })).at(-1);
  equal(await totalNow(), 0);
  const reports = await run();
  const total = await totalNow();
  const last = reports.at(-1);
  if (last?.type === 'summary' && tried?.type === 'summary') equal(tried.rows, last.rows);
  else equal(tried?.type, last?.type);
  if (last === undefined) return equal(total, 0);
  must(last.type === 'summary', 'the last report is no summary');
  equal(total, last.created);
  equal(last.rows, last.created + last.exists + last.failed);
  equal(reports.filter(({ type }) => type === 'error').length, last.failed);
}

/** Files of profiles: CSV, NDJSON and zip. */
export const imports: Target = {
  name: 'import',
  open: () => ({
    seeds: formats.flatMap(({ seeds }, at) =>
      seeds.map((seed) => concat(Uint8Array.of(at, 3), Buffer.from(seed))),
    ),
    mutate: behindSelector(
      behindSelector((input, other, chance) => chance.pick(mutations)(input, other, chance), MOST_PIECES),
      formats.length,
    ),
    run: (input) => {
      const { readRows } = formats[(input[0] ?? 0) % formats.length] as Format;
      return imported(readRows, input.subarray(2), 1 + ((input[1] ?? 0) % 16));
    },
  }),
};
