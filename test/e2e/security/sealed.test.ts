import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import type { DataKeyRow } from '#server/store/rows/secrets/data-keys';
import { type SecretTable, secretColumnsOf, secretTables } from '#server/store/rows/secrets/secret-columns';
import { createSealing } from '#server/store/sealing/data-keys';
import { keyFileIn } from '#server/store/sealing/key-file';
import { brokenCopy } from '../../harness/broken-copy.ts';
import { runEsim } from '../../harness/esim.ts';
import { startReceiver } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';
import { findingsIn, formsOf, playDay, type Secrets, secretsIn, storedSecrets } from './sealed.harness.ts';

/** After a day of activity no file has a secret: not the database, its log, a backup, a dump, a copy, or what was logged. */

const root = mkdtempSync(join(tmpdir(), 'esim-sealed-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The master key is elsewhere, so that the data folder is what a thief may have. */
function newFolder(name: string) {
  const [dataDir, keys] = [join(root, name), join(root, `${name}-keys`)];
  mkdirSync(keys);
  const keyFile = join(keys, 'master.key');
  writeFileSync(keyFile, Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'));
  const settings = { ESIM_DATA_DIR: dataDir, ESIM_MASTER_KEY_FILE: keyFile, ESIM_WEBHOOK_ALLOW_PRIVATE: '1' };
  return { dataDir, keys, settings };
}

/** What is stored in the clear behind the sealed values, with the master key. */
async function secretsOf(path: string, keys: string): Promise<Secrets> {
  using db = new DatabaseSync(path, { readOnly: true });
  const sealing = createSealing(keyFileIn(keys));
  await sealing.load({
    rows: async () => db.prepare('select * from data_key').all() as unknown as DataKeyRow[],
    add: async () => assert.fail('the database has a data key'),
    count: async () => undefined,
    rewrap: async () => false,
    mayBegin: async () => false,
  });
  return await storedSecrets(async (text) => db.prepare(text).all(), sealing.open);
}

test('no file has a secret after a day of activity, while the server runs and after it', async () => {
  const { dataDir, keys, settings } = newFolder('day');
  await using receiver = await startReceiver();
  const server = await startServer({ ...settings, ESIM_LOG_LEVEL: 'trace' });
  const env = { ...settings, ESIM_URL: server.restUrl };
  let secrets: Secrets;
  let known: Secrets;
  try {
    known = await playDay(server, receiver.url, settings);
    secrets = new Map([...known, ...(await secretsOf(join(dataDir, 'esim.db'), keys))]);
    for (const table of Object.keys(secretTables) as SecretTable[])
      for (const column of secretColumnsOf(table))
        assert.ok(
          [...secrets.keys()].some((name) => name.startsWith(`${table}.${column} `)),
          `nothing was stored in ${table}.${column}: the test does not show that it is sealed`,
        );
    const running = findingsIn(dataDir, secrets);
    assert.ok(running.files.includes('esim.db-wal'), running.files.join(' '));
    assert.deepEqual(running.found, []);
    rmSync(join(dataDir, 'phones'), { recursive: true }); // the profiles that are on virtual phones
    const backup = await runEsim({ cwd: root, env }, 'backup', join(root, 'backup.tar'));
    assert.equal(backup.code, 0, backup.err);
    for (const format of ['ndjson', 'csv']) {
      const exported = await runEsim(
        { cwd: root, env: { ...env, ESIM_USER_ID: 'operator', ESIM_API_KEY: 'a-key-for-these-tests' } },
        'profile',
        'export',
        '--format',
        format,
      );
      assert.equal(exported.code, 0, exported.err);
      // numbers and names are in the parameters too, and in an export
      assert.deepEqual(secretsIn(Buffer.from(exported.out), known), [], `the export in ${format}`);
    }
  } finally {
    await server.close();
  }
  assert.deepEqual(secretsIn(Buffer.from(server.log() + server.output()), known), [], 'the log');
  assert.deepEqual(findingsIn(dataDir, secrets).found, []);
  const pki = readFileSync(join(root, 'backup.tar'));
  assert.deepEqual(secretsIn(pki, secrets), [], 'the backup');
});

test('no dump of PostgreSQL has a secret, and no file of its server', {
  skip: installations().length === 0 ? NO_POSTGRES : false,
}, async () => {
  await using postgres = await startPostgres(installations()[0] ?? assert.fail());
  const url = await postgres.createDatabase();
  const source = join(root, 'day');
  const copied = await runEsim(
    { cwd: root, env: {} },
    'store',
    'copy',
    '--from',
    `sqlite:${source}`,
    '--to',
    url,
    '--switch',
  );
  assert.equal(copied.code, 0, copied.err);
  const secrets = await secretsOf(join(source, 'esim.db'), join(root, 'day-keys'));
  assert.ok(secrets.size > 20);
  const { stdout } = await promisify(execFile)('pg_dump', [url], { maxBuffer: 1e9, encoding: 'buffer' });
  assert.ok(stdout.includes('COPY public.profile_content'));
  assert.deepEqual(secretsIn(stdout, secrets), []);
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
    from: 'values[i] = sealing.seal(value)',
    to: 'values[i] = value.value',
    finds: /secret of a webhook$/,
  },
] as const;

for (const { name, finds, ...replacement } of breaks)
  test(`the search finds secrets where ${name}`, async () => {
    using copy = brokenCopy(replacement);
    const { dataDir, settings } = newFolder(name.replaceAll(' ', '-'));
    await using receiver = await startReceiver();
    const server = await startServer(settings, copy.root);
    let known: Secrets;
    try {
      known = await playDay(server, receiver.url, settings);
    } finally {
      await server.close();
    }
    const { found } = findingsIn(dataDir, known);
    assert.ok(
      found.some((finding) => finds.test(finding)),
      found.join('\n'),
    );
  });
