import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../../../test/harness/free-port.ts';
import { next, released, stocked } from '../contract/records.harness.ts';
import type { ServerStore } from '../ports/server-store.ts';
import { testMasterKey } from '../sealing/test-key.harness.ts';
import type { PostgresOptions } from './connection/options.ts';
import { openPool } from './connection/pool.ts';
import { statementOf } from './connection/statements.ts';
import { openPostgresStore } from './store.ts';
import {
  installations,
  NO_POSTGRES,
  optionsFor,
  ownerOf,
  startPostgres,
  until,
} from './testing/server.harness.ts';

/** Ways to the database: TLS with verification, and a pooler in transaction mode. */

const [installation] = installations();
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const skipUnless = (program: string, ...args: string[]) =>
  installation === undefined
    ? { skip: NO_POSTGRES }
    : has(program, ...args)
      ? {}
      : { skip: `there is no ${program}: install it, such as with apt-get install ${program}` };

/** A folder with a certificate for localhost, and its key, of the user that runs PostgreSQL. */
function createCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'esim-postgres-tls-'));
  const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = ownerOf(folder);
  const [cert, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', cert];
  const { status, stderr } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
  ]);
  assert.equal(status, 0, String(stderr));
  for (const file of [cert, key]) chownSync(file, uid, gid);
  chmodSync(key, 0o600);
  return { cert, key, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

test(
  'TLS verifies the certificate of the database and its name',
  skipUnless('openssl', 'version'),
  async () => {
    using own = createCertificate();
    using other = createCertificate();
    const tls = ['ssl=on', `ssl_cert_file=${own.cert}`, `ssl_key_file=${own.key}`];
    await using server = await startPostgres(installation ?? assert.fail(), tls);
    const url = new URL(await server.copyDatabase());
    url.hostname = 'localhost';
    const openWith = async (parameters: Record<string, string>, host = 'localhost') => {
      const secured = new URL(url);
      secured.hostname = host;
      for (const [name, value] of Object.entries(parameters)) secured.searchParams.set(name, value);
      const store = await openPostgresStore(optionsFor(secured.href, { waitMs: 2000 }), testMasterKey);
      const profile = stocked();
      assert.equal(await store.save([{ profile }]), 'saved');
      await store.close();
    };
    await openWith({ sslmode: 'verify-full', sslrootcert: own.cert });
    await openWith({ sslmode: 'require' });
    await assert.rejects(openWith({ sslmode: 'verify-full', sslrootcert: other.cert }), /certificate/);
    await assert.rejects(openWith({ sslmode: 'verify-full' }), /certificate/);
    await assert.rejects(
      openWith({ sslmode: 'verify-full', sslrootcert: own.cert }, '127.0.0.1'),
      /IP|altnames/,
    );
  },
);

test(
  'the database ends by itself what a process that is gone has left open',
  installation === undefined ? { skip: NO_POSTGRES } : {},
  async () => {
    await using server = await startPostgres(installation ?? assert.fail());
    const pool = openPool(
      optionsFor(await server.createDatabase(), { statementMs: 7000 }),
      ({ value }) => value,
    );
    const names = ['tcp_keepalives_idle', 'tcp_keepalives_count', 'idle_in_transaction_session_timeout'];
    const shown = await pool.use((session) =>
      session.run(names.map((name) => ({ statement: statementOf(`show ${name}`), values: [] }))),
    );
    assert.deepEqual(
      shown.map(({ rows }) => Object.values(rows[0] as object)[0]),
      ['10', '3', '7s'],
    );
    await pool.close();
  },
);

test(
  'a pooler in transaction mode serves many nodes with few connections',
  skipUnless('pgbouncer', '--version'),
  async () => {
    await using server = await startPostgres(installation ?? assert.fail());
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'esim-pgbouncer-'))];
    const owner = ownerOf(folder);
    const file = join(folder, 'pgbouncer.ini');
    writeFileSync(
      file,
      [
        '[databases]',
        `* = host=127.0.0.1 port=${server.port} user=esim`,
        '[pgbouncer]',
        `listen_addr = 127.0.0.1`,
        `listen_port = ${port}`,
        'auth_type = any', // with the user of the line above
        'pool_mode = transaction',
        'default_pool_size = 3',
        'unix_socket_dir =',
        '',
      ].join('\n'),
    );
    const pooler = spawn('pgbouncer', [file], { ...owner, stdio: 'ignore' });
    try {
      const url = new URL(await server.createDatabase());
      url.port = String(port);
      await untilOpen(port);
      const options = optionsFor(url.href, { prepare: false, connections: 6 });
      const stores = await Promise.all([1, 2, 3].map(() => openPostgresStore(options, testMasterKey)));
      const profiles = Array.from({ length: 60 }, () => released());
      const saves = profiles.map((profile, i) => stores[i % 3]?.save([{ profile }]));
      assert.deepEqual(new Set(await Promise.all(saves)), new Set(['saved']));
      const found = profiles.map(({ iccid }, i) => stores[(i + 1) % 3]?.profile(iccid));
      for (const [i, profile] of (await Promise.all(found)).entries())
        assert.deepEqual(profile, { ...profiles[i], version: 1 });
      const stale = { profile: { ...(profiles[0] ?? assert.fail()), version: 7 } };
      assert.equal(await stores[0]?.save([{ profile: stocked() }, stale]), 'stale');
      const event = {
        type: 'profile.created',
        iccid: next.iccid(),
        account: 'a',
        at: 1,
        actor: { kind: 'system' },
        to: 'AVAILABLE',
      } as const;
      assert.equal(await stores[0]?.save([{ event }]), 'saved');
      assert.equal((await stores[1]?.events({ account: 'a', count: 9 }))?.items.length, 1);
      await followBehindPooler(stores[0] ?? assert.fail(), options, server.port);
      for (const store of stores) await store.close();
    } finally {
      pooler.kill();
      if (pooler.exitCode === null) await once(pooler, 'exit');
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** Behind a pooler a node looks for events, and with a direct URL it listens. Its own events are announced in both cases. */
async function followBehindPooler(from: ServerStore, options: PostgresOptions, directPort: number) {
  const direct = new URL(options.url);
  direct.port = String(directPort);
  const ended = new AbortController();
  for (const [directUrl, listens] of [
    [undefined, false],
    [direct.href, true],
  ] as const) {
    const store = await openPostgresStore(
      { ...options, ...(directUrl !== undefined && { directUrl }) },
      testMasterKey,
    );
    const watch = store.watchEvents();
    await until(() => store.connections()?.isListening === listens);
    const last = await store.lastEventId();
    const event = {
      type: 'profile.created',
      iccid: next.iccid(),
      account: 'a',
      at: 1,
      actor: { kind: 'system' },
      to: 'AVAILABLE',
    } as const;
    assert.equal(await from.save([{ event }]), 'saved');
    while ((await store.lastEventId()) === last) await watch.next(ended.signal);
    await sleep(listens ? 0 : 4000); // so long a process waits at most for its own notification
    assert.equal(store.connections()?.isListening, listens);
    await store.close();
  }
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('the pooler did not start');
}
