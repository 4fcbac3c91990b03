import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { openArchive } from '@esim-rsp/server/chain/archive';
import pg from 'pg';
import { deleteOld } from '#server/jobs/expire-sessions';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import type { DataKeyRow } from '#server/store/rows/secrets/data-keys';
import { type SecretTable, secretColumnsOf, secretTables } from '#server/store/rows/secrets/secret-columns';
import { createSealing, type DataKeyTable } from '#server/store/sealing/data-keys';
import { keyFileIn } from '#server/store/sealing/key-file';
import { compileServer } from '../../harness/compiled-server.ts';
import { runEsim } from '../../harness/esim.ts';
import { LOGIN, startMailServer } from '../../harness/mail-server.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, daysAhead, type Settings, startServer } from '../../harness/server.ts';
import {
  findingsIn,
  formsOf,
  playDay,
  type Secrets,
  sealedKeys,
  secretsIn,
  storeBeside,
  storedSecrets,
} from './sealed.harness.ts';

/** After a day of activity no file has a secret: not the database, its log, a backup, a dump, an archive, an export, or what was logged and traced. */

const root = mkdtempSync(join(tmpdir(), 'esim-sealed-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The master key is elsewhere, so that the data folder is what a thief may have. */
function newFolder(name: string) {
  const [dataDir, keys] = [join(root, name), join(root, `${name}-keys`)];
  mkdirSync(keys);
  const keyFile = join(keys, 'master.key');
  writeFileSync(keyFile, Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'));
  const settings = {
    ...{ ESIM_DATA_DIR: dataDir, ESIM_MASTER_KEY_FILE: keyFile, ESIM_WEBHOOK_ALLOW_PRIVATE: '1' },
    ...{ ESIM_SMTP_URL: 'smtp://127.0.0.1:9', ESIM_MAIL_FROM: 'esim@example.com' }, // nobody answers: the mail waits
  };
  return { dataDir, keys, settings };
}

/** A database that the server of a day uses, as a thief may have it. */
type Place = {
  readonly dataDir: string;
  readonly keys: string;
  readonly settings: Settings;
  readonly read: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The files of the database that are outside of the data folder. */
  readonly folders: () => Promise<readonly string[]>;
  /** Whether the private keys of the PKI are sealed: the phones of the tests read them with a store in the data folder. */
  readonly sealsFiles: boolean;
  /** What a backup of it is. */
  readonly backUp: (env: Settings) => Promise<Buffer>;
};

/** What is stored in the clear behind the sealed values and in the sealed files of a data folder, with the master key. */
async function secretsOf({ dataDir, keys, read, sealsFiles }: Place): Promise<Secrets> {
  const sealing = createSealing(keyFileIn(keys));
  const table: DataKeyTable = {
    rows: async () => (await read('select * from data_key')) as readonly DataKeyRow[],
    add: async () => assert.fail('the database has a data key'),
    count: async () => undefined,
    rewrap: async () => false,
    mayBegin: async () => false,
  };
  await sealing.load(table);
  const inFiles = await sealedKeys(dataDir, {
    sealForFile: async () => undefined,
    openFromFile: (place, sealed) => sealing.openFromFile(table, place, sealed),
  });
  assert.equal(inFiles.size, 6, [...inFiles.keys()].join(' '));
  const sealed = [...inFiles].filter(([name]) => sealsFiles || name.includes('audit-key'));
  return new Map([...(await storedSecrets(read, sealing.open)), ...sealed]);
}

/** A server that comes back days later, and writes what is old to the archive. */
async function archiveAll(settings: Settings, archive: string): Promise<void> {
  const keep = { ESIM_KEEP_EVENTS: '1', ESIM_KEEP_AUDIT: '1', ESIM_KEEP_DELIVERIES: '1' };
  const server = await startServer({ ...settings, ...keep, ESIM_ARCHIVE: archive, ...daysAhead(3) });
  const has = (log: string) => readdirSync(archive).some((name) => name.startsWith(`${log}-`));
  try {
    await until(() => has('event') && has('audit'));
  } finally {
    await server.close();
  }
  // what the server does once a minute
  await using opened = await storeBeside(server, settings);
  for (const kind of ['session', 'delivery'] as const) {
    const old = { store: opened.store, node: 'test', archive: openArchive(archive, 'test') };
    assert.ok((await deleteOld(old, kind, Date.now() + 30 * 86_400_000)) > 0, kind);
  }
}

const sdk = new URL('../metrics/sdk-of-traces.ts', import.meta.url).href;

/** Plays a day, and searches all that a thief may have. */
async function checkDay(place: Place): Promise<void> {
  const { dataDir } = place;
  await using receiver = await startReceiver();
  await using mail = await startMailServer();
  const [traces, archive, ca] = [`${dataDir}-traces`, `${dataDir}-archive`, `${dataDir}-ca.pem`];
  writeFileSync(ca, mail.ca);
  const settings = {
    ...place.settings,
    ESIM_SMTP_URL: `smtp://${LOGIN.user}@localhost:${mail.port}`,
    ESIM_SMTP_PASSWORD: LOGIN.password,
    ESIM_SMTP_CA: ca,
    ESIM_MAIL_FROM: 'esim@example.com',
  };
  const traced = { NODE_OPTIONS: `--import ${sdk}`, TRACE_FILE: traces };
  const server = await startServer({ ...settings, ...traced, ESIM_LOG_LEVEL: 'trace' });
  const env = { ...settings, ESIM_URL: server.restUrl };
  const known = new Map<string, Uint8Array>([['password of the mail server', Buffer.from(LOGIN.password)]]);
  let secrets: Secrets;
  const findings = async () => {
    const places = [dataDir, ...(await place.folders())].map((folder) => findingsIn(folder, secrets));
    return { files: places.flatMap(({ files }) => files), found: places.flatMap(({ found }) => found) };
  };
  try {
    if (place.sealsFiles) {
      const sealing = await runEsim({ cwd: root, env }, 'pki', 'seal');
      assert.equal(sealing.code, 0, sealing.err);
    }
    await playDay(server, receiver.url, settings, known);
    await until(() => mail.received.length > 0);
    secrets = new Map([...known, ...(await secretsOf(place))]);
    mustHaveEverySecret(secrets);
    const running = await findings();
    assert.ok(
      running.files.some((file) => /esim\.db-wal$|^[0-9A-F]{24}$/.test(file)),
      `no log of the database was searched: ${running.files.join(' ')}`,
    );
    assert.deepEqual(running.found, []);
    rmSync(join(dataDir, 'phones'), { recursive: true }); // the profiles that are on virtual phones
    assert.deepEqual(secretsIn(await place.backUp(env), secrets), [], 'the backup');
    await checkExports(env, known);
  } finally {
    await server.close();
  }
  assert.deepEqual(secretsIn(Buffer.from(server.log() + server.output()), known), [], 'the log');
  const spans = readFileSync(traces);
  assert.ok(spans.includes('ES9+'), 'there are traces');
  assert.deepEqual(secretsIn(spans, known), [], 'the traces');
  assert.deepEqual((await findings()).found, []);
  await archiveAll(settings, archive);
  const archived = findingsIn(archive, secrets);
  for (const what of ['event', 'audit', 'session', 'delivery'])
    assert.ok(
      archived.files.some((file) => file.startsWith(`${what}-`)),
      what,
    );
  assert.deepEqual(archived.found, []);
}

function mustHaveEverySecret(secrets: Secrets): void {
  for (const table of Object.keys(secretTables) as SecretTable[])
    for (const column of secretColumnsOf(table))
      assert.ok(
        [...secrets.keys()].some((name) => name.startsWith(`${table}.${column} `)),
        `nothing was stored in ${table}.${column}: the test does not show that it is sealed`,
      );
}

/** Numbers and names are in the parameters too, and in an export; what the day knows as secret is not. */
async function checkExports(env: Settings, known: Secrets): Promise<void> {
  const { ESIM_BOOTSTRAP_USER_ID, ESIM_BOOTSTRAP_API_KEY } = account;
  const access = { ...env, ESIM_USER_ID: ESIM_BOOTSTRAP_USER_ID, ESIM_API_KEY: ESIM_BOOTSTRAP_API_KEY };
  for (const format of ['ndjson', 'csv']) {
    const exported = await runEsim({ cwd: root, env: access }, 'profile', 'export', '--format', format);
    assert.equal(exported.code, 0, exported.err);
    assert.deepEqual(secretsIn(Buffer.from(exported.out), known), [], `the export in ${format}`);
  }
}

test('no file has a secret after a day of activity, while the server runs and after it: SQLite', async () => {
  const { dataDir, keys, settings } = newFolder('day');
  const backup = join(root, 'backup.tar');
  await checkDay({
    dataDir,
    keys,
    settings,
    read: async (text) => {
      using db = new DatabaseSync(join(dataDir, 'esim.db'), { readOnly: true, timeout: 10_000 });
      return db.prepare(text).all();
    },
    sealsFiles: true,
    folders: async () => [],
    backUp: async (env) => {
      const { code, err } = await runEsim({ cwd: root, env }, 'backup', backup);
      assert.equal(code, 0, err);
      return readFileSync(backup);
    },
  });
});

test('no file has a secret after a day of activity, while the server runs and after it: PostgreSQL', {
  skip: installations().length === 0 ? NO_POSTGRES : false,
}, async () => {
  await using postgres = await startPostgres(installations()[0] ?? assert.fail());
  const url = await postgres.createDatabase();
  const { dataDir, keys, settings } = newFolder('day-postgres');
  const getTypeParser = (oid: number, format?: unknown) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
  await using client = Object.assign(new pg.Client({ connectionString: url, types: { getTypeParser } }), {
    [Symbol.asyncDispose]: () => client.end(),
  });
  await client.connect();
  const read = async (text: string) => (await client.query(text)).rows;
  await checkDay({
    dataDir,
    keys,
    settings: { ...settings, ESIM_DATABASE_URL: url, ESIM_DATABASE_CONNECTIONS: '4' },
    read,
    sealsFiles: false,
    folders: async () => {
      await client.query('checkpoint');
      const [database] = await read('select oid from pg_database where datname = current_database()');
      return [`base/${database?.oid}`, 'pg_wal'].map((folder) => join(postgres.folder, 'data', folder));
    },
    backUp: async () => {
      const { stdout } = await promisify(execFile)('pg_dump', [url], { maxBuffer: 1e9, encoding: 'buffer' });
      assert.ok(stdout.includes('COPY public.profile_content'));
      return stdout;
    },
  });
});

test('the search finds a secret in each of its forms', () => {
  const secret = crypto.getRandomValues(new Uint8Array(16));
  const secrets = new Map([['ki', secret]]);
  const hex = Buffer.from(secret).toString('hex');
  const swapped = hex.replace(/(.)(.)/g, '$2$1');
  const within = (bytes: Uint8Array, before: number) =>
    Buffer.concat([Buffer.alloc(before, 9), bytes, Buffer.alloc(5, 9)]);
  for (const text of [
    hex,
    hex.toUpperCase(),
    swapped,
    ...[0, 1, 2].map((n) => within(secret, n).toString('base64')),
  ])
    assert.deepEqual(secretsIn(Buffer.from(`before ${text} after`), secrets), ['ki'], text);
  assert.deepEqual(secretsIn(within(secret, 7), secrets), ['ki']);
  assert.deepEqual(secretsIn(within(Buffer.from(swapped, 'hex'), 7), secrets), ['ki']);
  assert.ok(formsOf(Buffer.from('73019264')).some((form) => form.equals(Buffer.from('37102946'))));
});

/** One fault each, and what the search must then find. */
const breaks = [
  {
    name: 'a column of packages is declared plain',
    file: 'packages/server/src/store/rows/contents.ts',
    from: "parameters: 'secret text?'",
    to: "parameters: 'text?'",
    finds: / ki$/,
  },
  {
    name: 'SQLite binds values as they are',
    file: 'packages/server/src/store/sqlite/connection/write-row.ts',
    from: '(secret) => sealing.seal(secret)',
    to: '(secret) => secret.value',
    finds: /secret of a webhook$/,
  },
  {
    name: 'MatchingIDs are stored as they are',
    file: 'packages/server/src/store/rows/profiles.ts',
    from: "matching_id: 'hashed text?'",
    to: "matching_id: 'text?'",
    finds: /MatchingID of an order that was TAKEN$/,
  },
] as const;

for (const { name, finds, ...replacement } of breaks)
  test(`the search finds secrets where ${name}`, async () => {
    using copy = await compileServer(undefined, replacement);
    const { dataDir, settings } = newFolder(name.replaceAll(' ', '-'));
    await using receiver = await startReceiver();
    const server = await startServer(settings, copy.root);
    const known = new Map<string, Uint8Array>();
    try {
      // the server may refuse later what it has stored in the clear
      await playDay(server, receiver.url, settings, known).catch(() => undefined);
    } finally {
      await server.close();
    }
    const { found } = findingsIn(dataDir, known);
    assert.ok(
      found.some((finding) => finds.test(finding)),
      found.join('\n'),
    );
  });
