import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { esimWithDemo } from '../../harness/esim-with-server.ts';
import { freePort } from '../../harness/free-port.ts';
import { subscription } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';
import { freePorts, guideText, linesFrom, linesOf, shellIn, withLocal } from './guide-shell.harness.ts';

/** Commands of the guides, run by a shell as they are there but for paths, ports and what they themselves have printed. */

const ROOT = join(import.meta.dirname, '../../..');
const { cwd, server } = await esimWithDemo();
const { apiKey, userId } = JSON.parse(readFileSync(join(cwd, 'data/credentials.json'), 'utf8'));
const access = { ESIM_URL: server.restUrl, ESIM_USER_ID: userId, ESIM_API_KEY: apiKey };
const { run, start } = shellIn(cwd);
const [code = assert.fail()] = /LPA:1\$\S+/.exec(server.output()) ?? [];

/** Runs lines one after the other; resolves to what each has written. */
async function runAll(lines: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const outputs: string[] = [];
  for (const line of lines) outputs.push(await run(line, env));
  return outputs;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'esim-guides-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('es2plus.md: an operator orders with the certificate that the guide makes', async () => {
  const lines = linesOf('es2plus.md').map((line) =>
    withLocal(line, { 'https://localhost:8444': server.es2Url }),
  );
  assert.equal(lines.length, 5);
  for (const line of lines) {
    if (line.includes('shop-ca.pem')) copyFileSync(join(cwd, 'shop.pem'), join(cwd, 'shop-ca.pem'));
    if (!line.startsWith('curl')) await run(line);
    else await until(async () => (await run(line)).includes('Executed-Success')); // a new operator is known after two seconds
  }
  assert.match(await run('esim operator list'), /shop\.example\.com/);
});

test('keys.md: keys with a scope and with permissions, and the secrets of a profile', async () => {
  await run('esim account create Operator --user-id operator');
  const [scoped = '', limited = '', all = '', some = ''] = await runAll(linesOf('keys.md'));
  assert.notEqual(scoped, limited);
  const { permissions } = await fetchJson('/session', {
    'x-user-id': 'operator',
    'x-api-key': keyIn(limited),
  });
  assert.deepEqual(permissions, ['read', 'support']);
  assert.match(all, /puk/i);
  assert.match(some, /adm1/i);
  assert.doesNotMatch(some, /puk/i);
});

function keyIn(output: string): string {
  return output.split('\n')[0]?.trim() ?? '';
}

async function fetchJson(path: string, headers: Record<string, string>) {
  const answer = await fetch(`${server.restUrl}/api/v1/esim${path}`, { headers });
  assert.equal(answer.status, 200);
  return (await answer.json()) as Record<string, unknown>;
}

test('inventory.md: an import, a template with derived keys, an export, reserved numbers', async () => {
  const { iccid, ki, opc } = subscription();
  const imsi = '001019990000001'; // those of the demo are taken
  writeFileSync(join(cwd, 'stock.csv'), `iccid,imsi,ki,opc\n${iccid},${imsi},${ki},${opc}\n`);
  await run('openssl rand -hex 16 > master.key');
  await run('esim account create Shop --user-id shop');
  const [, , , , imported = '', , ordered = '', , derived = ''] = await runAll(
    linesOf('inventory.md'),
    access,
  );
  assert.match(imported, /"created":1\b/);
  assert.match(ordered, /LPA:1\$/);
  const [first = ''] = readFileSync(join(cwd, 'hlr.csv'), 'utf8').split('\n').slice(1);
  assert.ok(first.includes('001017770000000'), first);
  assert.ok(
    first.toLowerCase().includes(derived.replaceAll(':', '').trim().toLowerCase()),
    'OpenSSL derives the same Ki',
  );
  assert.match(readFileSync(join(cwd, 'week.csv'), 'utf8'), new RegExp(iccid));
});

test('webhooks.md: the receiver of the guide verifies what the server sends', async () => {
  const port = String(await freePort());
  const [, receiver = ''] = /^```ts\n(.*?)^```/ms.exec(guideText('webhooks.md')) ?? [];
  writeFileSync(join(cwd, 'hook.ts'), receiver.replace('3000', port));
  symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
  const [create = '', listen = '', send = '', download = ''] = linesOf('webhooks.md');
  const created = await run(create.replace('3000', port));
  const [secret = ''] = /whsec_\S+/.exec(created) ?? [];
  const [id = ''] = /we_\w+/.exec(created) ?? [];
  await using hook = start(listen.replace('whsec_…', secret));
  await until(async () =>
    fetch(`http://localhost:${port}`).then(
      () => true,
      () => false,
    ),
  );
  assert.match(await run(send.replace('we_…', id)), /webhook\.test has arrived: answered 204/);
  await run(download.replace('LPA:1$…', code));
  await until(() => hook.output().includes('profile.installed'));
});

test('backup.md: two backups, and a folder restored from one', async () => {
  const local = { '/backups/': `${cwd}/backups/`, '/srv/esim': join(cwd, 'restored') };
  mkdirSync(join(cwd, 'backups'));
  mkdirSync(join(cwd, 'restored'));
  copyFileSync(join(cwd, 'data/master.key'), join(cwd, 'restored/master.key'));
  const lines = linesOf('backup.md').map((line) => withLocal(line, local));
  assert.equal(lines.length, 3);
  const [, , restored = ''] = await runAll(lines);
  assert.match(restored, /all intact/);
  assert.match(readFileSync(join(cwd, 'backups/latest.json'), 'utf8'), /sha256/i);
});

test('pki.md: keys are sealed and exported, and DPtls is renewed', async () => {
  const own = linesFrom('pki.md', 'npx esim pki');
  assert.equal(own.length, 5);
  const [, checked = ''] = await runAll(own);
  assert.match(checked, /sealed/);
  assert.match(readFileSync(join(cwd, 'dp-tls.key'), 'utf8'), /PRIVATE KEY/);
});

test('pki.md: a phone connects to the server of another name', async () => {
  const folder = newFolder();
  const shell = shellIn(folder);
  await shell.run('esim pki init --host testsmdpplus1.example.com --dir path/to/sgp26');
  const settings = {
    ESIM_PKI_DIR: join(folder, 'path/to/sgp26'),
    ESIM_SMDP_ADDRESS: 'testsmdpplus1.example.com:8443',
  };
  assert.equal(linesFrom('pki.md', 'ESIM_PKI_DIR=path/to/sgp26 ESIM_SMDP_ADDRESS=testsmdpplus1').length, 1);
  await using named = await startServer(settings);
  const { data: profile } = await named.api.createEUICCProfile({ parameters: subscription() });
  const { data: order } = await named.api.orderEUICCProfile(profile.iccid, {});
  const local = {
    'LPA:1$testsmdpplus1.example.com:8443$…': order.activation_code,
    'localhost:8443': `localhost:${new URL(named.es9Url).port}`,
  };
  for (const line of linesFrom('pki.md', 'ESIM_PKI_DIR=path/to/sgp26 npx', 'npx esim phone download'))
    await shell.run(withLocal(line, local));
  assert.equal((await named.api.getEUICCProfile(profile.iccid)).data.state, 'INSTALLED');
});

test('operations.md: metrics have a port, and the log has all lines of a download', async () => {
  const folder = newFolder();
  const shell = shellIn(folder);
  const [serve = '', sessions = '', search = ''] = linesFrom(
    'operations.md',
    ...['ESIM_METRICS_PORT=', 'npx esim session list', 'grep -h'],
  );
  const port = String(await freePort());
  await using running = shell.start(serve.replace('9464', port), {
    ...(await freePorts()),
    ESIM_DEMO: '1',
    ESIM_LOG_LEVEL: 'info',
  });
  await until(() => /LPA:1\$/.test(running.output()) && running.output().includes('Metrics'));
  assert.match(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), /^esim_/m);
  const [waiting = ''] = /LPA:1\$\S+/.exec(running.output()) ?? [];
  const downloaded = await shell.run(`npx esim phone download '${waiting}'`);
  const [, iccid = ''] = /The profile (\d{19}) is on the phone/.exec(downloaded) ?? [];
  const [session = assert.fail()] =
    /\b[0-9A-F]{32}\b/.exec(await shell.run(sessions.replace(/\d{19}/, iccid))) ?? [];
  writeFileSync(join(folder, 'esim.log'), running.output());
  assert.match(await shell.run(search.replace(/\b[0-9A-F]{32}\b/, session)), /getBoundProfilePackage/);
});

test('runbooks.md: the commands that look at a server and its folder, and the way back to a backup', async () => {
  const folder = newFolder();
  const [lib, backups] = [join(folder, 'esim-rsp'), join(folder, 'backups')];
  const local = {
    '/var/lib/esim-rsp': lib,
    '/backups/': `${backups}/`,
    'http://127.0.0.1:8080': server.restUrl,
    'rsp.example.com:443': new URL(server.es9Url).host,
    '-servername rsp.example.com': '-servername localhost',
  };
  cpSync(join(cwd, 'data'), lib, { recursive: true });
  mkdirSync(backups);
  await run(`npx esim backup ${backups}/esim.tar`);
  const look = ['npx esim status', 'openssl s_client', 'curl -s', 'df -h', 'ls -l', 'npx esim operator list'];
  const repair = ['mv /var', 'install -D', 'ESIM_DATA_DIR=/var'];
  for (const line of linesFrom('runbooks.md', ...look, ...repair)) {
    const output = await run(withLocal(line, local));
    if (line.startsWith('openssl')) assert.match(output, /notAfter=/);
    if (line.startsWith('ls')) assert.match(output, /esim\.db/);
    if (line.includes('restore')) assert.match(output, /all intact/);
  }
});

test('workers.md: a server with four workers serves', async () => {
  const folder = newFolder();
  const [serve = ''] = linesOf('workers.md');
  const ports = await freePorts();
  await using _running = shellIn(folder).start(serve, { ...ports, ESIM_DATA_DIR: join(folder, 'data') });
  await until(async () =>
    fetch(`http://127.0.0.1:${ports.ESIM_HTTP_PORT}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
});

test('secrets.md: the master key moves out of the data folder, and is replaced', async () => {
  const folder = newFolder();
  const shell = shellIn(folder);
  const etc = join(folder, 'etc');
  const data = { ESIM_DATA_DIR: join(folder, 'data') };
  await using first = await startServer(data);
  await first.api.createEUICCProfile({ parameters: subscription() });
  await first.close();
  const local = { '/etc/esim': etc, ' -o esim ': ' ' }; // the machine need not have this user
  for (const line of linesFrom('secrets.md', 'install -d', 'mv data/'))
    await shell.run(withLocal(line, local));
  const keyAt = (name: string) => ({ ESIM_MASTER_KEY_FILE: join(etc, name) });
  await using moved = await startServer({ ...data, ...keyAt('master.key') });
  let env = keyAt('master.key');
  for (const line of linesFrom('secrets.md', 'npx esim secrets rotate', 'npx esim secrets plain')) {
    if (/pkcs11:|--seal |--reseal/.test(line)) continue; // they have tests of their own
    await shell.run(withLocal(line, local), env);
    if (line.includes('new.key')) env = keyAt('new.key');
  }
  assert.equal((await moved.api.listEUICCProfiles({})).data.euicc_profiles.length, 1);
});

const [installation] = installations();

test('move-to-postgresql.md and postgresql.md: a copy of a server, a dump of it, and a database restored from that', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  const folder = newFolder();
  const data = { ESIM_DATA_DIR: join(folder, 'srv') };
  await using source = await startServer(data);
  await source.api.createEUICCProfile({ parameters: subscription() });
  await using database = await startPostgres(installation ?? assert.fail());
  const base = new URL(await database.createDatabase());
  const at = (name: string) => Object.assign(new URL(base), { pathname: name }).href;
  const connection = { PGHOST: base.hostname, PGPORT: base.port, PGUSER: base.username };
  const shell = shellIn(folder, { ...connection, PATH: installation?.bin });
  const local = {
    'postgres://esim:PASSWORD@db.example.com/esim?sslmode=verify-full': at('esim'),
    '/etc/esim/': `${folder}/`,
    '/srv/esim': data.ESIM_DATA_DIR,
    'postgres://…/restored': at('restored'),
  };
  for (const line of linesOf('move-to-postgresql.md')) {
    if (line.includes('--switch')) await source.close();
    await shell.run(withLocal(line, local));
  }
  const env = { ESIM_DATABASE_URL: at('esim') };
  for (const line of [
    ...linesFrom('postgresql.md', 'pg_dump', 'createdb restored', 'pg_restore'),
    ...linesFrom('runbooks.md', 'psql'),
  ])
    await shell.run(withLocal(line, local), env);
  const key = { ESIM_MASTER_KEY_FILE: join(data.ESIM_DATA_DIR, 'master.key'), ESIM_PKI_DIR: source.pkiDir };
  await using restored = await startServer({ ...key, ESIM_DATABASE_URL: at('restored') });
  assert.equal((await restored.api.listEUICCProfiles({})).data.euicc_profiles.length, 1);
  const [create = '', serve = ''] = linesFrom('postgresql.md', 'createdb --encoding', 'npx esim serve');
  await shell.run(create.replace(/esim$/, 'another'));
  const ports = await freePorts();
  await using _running = shell.start(serve, {
    ...ports,
    ESIM_DATABASE_URL: at('another'),
    ESIM_DATA_DIR: join(folder, 'new'),
  });
  await until(async () =>
    fetch(`http://127.0.0.1:${ports.ESIM_HTTP_PORT}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
});
