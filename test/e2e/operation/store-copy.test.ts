import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendNotifications } from '@esim-rsp/euicc';
import {
  installations,
  NO_POSTGRES,
  startPostgres,
  type TestServer,
} from '#server/store/postgres/testing/server.harness';
import { type Outcome, runEsim } from '../../harness/esim.ts';
import { freePort } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

/** A server moves to PostgreSQL while it works, and back to SQLite. */

const PASSWORD = 'a-password-that-nobody-may-see';
const folder = mkdtempSync(join(tmpdir(), 'esim-move-'));
const dataDir = join(folder, 'data');
const urlFile = join(folder, 'url');
const [installation] = installations();
let postgres: TestServer;
let url: string;
let fixed: Readonly<Record<string, string>>;

before(async () => {
  if (installation === undefined) return;
  postgres = await startPostgres(installation);
  url = (await postgres.createDatabase()).replace('@', `:${PASSWORD}@`);
  writeFileSync(urlFile, `${url}\n`, { mode: 0o600 });
  fixed = { ESIM_DATA_DIR: dataDir, ESIM_ES9_PORT: String(await freePort()) };
});
after(async () => {
  await postgres?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function copy(...args: string[]): Promise<Outcome> {
  const outcome = await runEsim({ cwd: folder, env: { ESIM_DATA_DIR: dataDir } }, 'store', 'copy', ...args);
  assert.ok(!`${outcome.out}${outcome.err}`.includes(PASSWORD), 'the password was shown');
  return outcome;
}

/** Orders profiles until it is stopped; resolves to the activation codes of all that the server has answered. */
function keepOrdering(server: ServerProcess) {
  const orders = new Map<string, string>();
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      const { iccid, activationCode } = await released(server);
      orders.set(iccid, activationCode);
      await sleep(5);
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await running;
      return orders;
    },
  };
}

async function eventTypes({ api }: ServerProcess, iccid: string): Promise<string[]> {
  return (await api.getEUICCProfileHistory(iccid)).data.events.map(({ type }) => type);
}

const toPostgres = ['--from', 'sqlite', '--to', `@${urlFile}`, '--json'];

test('a server moves to PostgreSQL while it works, and back, and nothing is lost', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  const sqlite = await startServer(fixed);
  const { iccid: downloaded, activationCode } = await released(sqlite);
  const ordering = keepOrdering(sqlite);
  await sleep(300);
  for (const atLeast of [10, 1]) {
    const online = await copy(...toPostgres);
    assert.equal(online.code, 0, online.err);
    const { written, complete } = JSON.parse(online.out);
    assert.ok(written >= atLeast && complete === false, online.out);
  }
  const early = await runEsim({ cwd: folder, env: { ...fixed, ESIM_DATABASE_URL: url } }, 'key', 'list');
  assert.match(early.err, /target of a copy that has not finished/);
  const status = await runEsim({ cwd: folder, env: { ...fixed, ESIM_DATABASE_URL: url } }, 'status');
  assert.match(status.out, /is the target of a copy that has not finished/);
  const running = await copy(...toPostgres, '--switch');
  assert.deepEqual([running.code, /another server \(process \d+/.test(running.err)], [1, true], running.err);
  const orders = await ordering.stop();
  await sqlite.close();

  const moved = await copy(...toPostgres, '--switch');
  assert.equal(moved.code, 0, moved.err);
  const { complete, tables } = JSON.parse(moved.out);
  assert.equal(complete, true);
  assert.equal(tables.find(({ table }: { table: string }) => table === 'profile').rows, orders.size + 1);
  const again = await copy(...toPostgres);
  assert.deepEqual([again.code, /is not empty: nothing was changed/.test(again.err)], [1, true], again.err);

  const server = await startServer({ ...fixed, ESIM_DATABASE_URL: url });
  for (const iccid of orders.keys()) assert.equal(await stateOf(server, iccid), 'RELEASED');
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, downloaded), 'INSTALLED');
  const history = await eventTypes(server, downloaded);
  await server.close();

  const back = join(folder, 'back');
  const returned = await copy('--from', `@${urlFile}`, '--to', `sqlite:${back}`, '--switch');
  assert.equal(returned.code, 0, returned.err);
  assert.match(returned.out, /All \d+ rows of \d+ tables are equal; the switch took/);
  assert.ok(existsSync(join(back, 'esim.db')));
  copyFileSync(join(dataDir, 'master.key'), join(back, 'master.key'));
  const home = await startServer({ ...fixed, ESIM_DATA_DIR: back, ESIM_PKI_DIR: join(dataDir, 'pki') });
  assert.equal(await stateOf(home, downloaded), 'INSTALLED');
  assert.deepEqual(await eventTypes(home, downloaded), history);
  await home.close();
});

test('a copy refuses stores that it cannot use, and says what to do', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  const cases: [string[], RegExp, number][] = [
    [['--from', 'sqlite:nowhere', '--to', `@${urlFile}`], /there is no database .*nowhere/, 1],
    [['--from', 'sqlite', '--to', 'sqlite:other'], /one store must be SQLite and the other PostgreSQL/, 1],
    [['--from', 'mysql://x', '--to', 'sqlite'], /--from is not a store: use sqlite:FOLDER/, 2],
    [['--from', 'postgres', '--to', 'sqlite'], /needs ESIM_DATABASE_URL/, 2],
    [
      ['--from', 'sqlite', '--to', 'postgres://u:x@127.0.0.1:1/d'],
      /warning: the process list[\s\S]*cannot be used \(connect ECONNREFUSED/,
      1,
    ],
    [['--from', `@${urlFile}`, '--to', 'sqlite'], /esim.db is not empty/, 1],
  ];
  for (const [args, message, code] of cases) {
    const outcome = await copy(...args);
    assert.match(outcome.err, message);
    assert.equal(outcome.code, code, outcome.err);
  }
});
