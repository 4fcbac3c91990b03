import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { webhooks } from '@esim-rsp/sdk';
import pg from 'pg';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { runEsim } from '../../harness/esim.ts';
import { released } from '../../harness/profiles.ts';
import { type Received, startReceiver, until } from '../../harness/receiver.ts';
import { daysAhead, type ServerProcess, type Settings, startServer } from '../../harness/server.ts';

/** Anchors that leave the server by webhook, as docs/guide/operations.md says: also of a server that is killed, and what they show afterwards. */

const root = mkdtempSync(join(tmpdir(), 'esim-sent-anchors-'));
after(() => rmSync(root, { recursive: true, force: true }));
const SECRET = `whsec_${Buffer.alloc(32, 'anchor').toString('base64')}`;

type Database = { readonly settings: Settings; readonly run: (sql: string) => Promise<unknown> };

const inFile = (dataDir: string): Database => ({
  settings: { ESIM_DATA_DIR: dataDir },
  run: async (sql) => {
    using db = new DatabaseSync(join(dataDir, 'esim.db'), { timeout: 10_000 });
    db.exec(sql);
  },
});

/** Writes what a receiver has kept, one message on each line. */
function keep(name: string, received: readonly Received[]): string {
  const path = join(root, name);
  writeFileSync(path, received.map(({ body }) => `${body}\n`).join(''));
  return path;
}

const anchorsIn = async (received: readonly Received[]) => {
  const messages = await Promise.all(
    received.map(({ body, headers }) => webhooks.unwrap(body, headers, SECRET, { tolerance: 1e9 })),
  );
  return messages.flatMap((message) =>
    message.type === 'log.anchored' ? [JSON.parse(message.data.line).anchor] : [],
  );
};

async function checkEngine({ settings, run }: Database): Promise<void> {
  await using ofServer = await startReceiver();
  await using ofAccount = await startReceiver();
  const env = {
    ...settings,
    ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
    ESIM_AUDIT_ANCHOR_WEBHOOK_URL: ofServer.url,
    ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET: SECRET,
  };
  const verify = (...args: string[]) => runEsim({ cwd: root, env }, 'audit', 'verify', ...args);
  const isChained = async () => !(await verify()).out.includes('not chained yet');

  // the receiver fails, and the server is killed: the first anchor waits in the database
  ofServer.answer = (response) => void response.writeHead(503).end();
  let server: ServerProcess = await startServer(env);
  await server.api.createWebhook({ url: ofAccount.url, secret: SECRET, events: ['log.anchored'] });
  await released(server);
  await ofServer.count(1);
  await until(isChained);
  await server.kill();
  ofServer.answer = (response) => void response.writeHead(204).end();

  // a day later it arrives, and another one, which has the chains of the account
  server = await startServer({ ...env, ...daysAhead(1) });
  try {
    await until(async () => {
      const [last] = (await anchorsIn(ofAccount.received)).slice(-1);
      return last?.heads.some(({ log }: { log: string }) => log === 'event') ?? false;
    });
    await until(async () => (await anchorsIn(ofServer.received)).some(({ heads }) => heads.length > 0));
  } finally {
    await server.close();
  }
  const [first] = ofServer.received;
  const again = ofServer.received.filter(
    ({ headers }) => headers['webhook-id'] === first?.headers['webhook-id'],
  );
  assert.ok(again.length > 1, 'the message that was refused came again');
  assert.equal(new Set(again.map(({ body }) => body)).size, 1);
  for (const anchor of await anchorsIn(ofAccount.received)) assert.equal(anchor.account, 'operator');

  const [whole, own] = [keep('server.ndjson', ofServer.received), keep('account.ndjson', ofAccount.received)];
  for (const file of [whole, own]) {
    const { code, out, err } = await verify('--anchors', file);
    assert.equal(code, 0, out + err);
    assert.match(out, /as they were written: [\s\S]* anchors of the file were compared/);
  }

  // somebody writes the logs again, with all chains and without the anchors
  await run(`update event set to_state = 'ENABLED' where id = (select min(id) from event)`);
  for (const table of ['chain_link', 'chain', 'chain_anchor']) await run(`delete from ${table}`);
  await run('update chain_position set last_entry = 0');
  rmSync(join(settings.ESIM_DATA_DIR ?? '', '.last-anchor'));
  server = await startServer({ ...env, ...daysAhead(2) });
  await ofServer.count(ofServer.received.length + 1);
  await until(isChained);
  await server.close();
  const alone = await verify();
  assert.equal(alone.code, 0, `the machine alone does not show it: ${alone.out}`);
  for (const file of [whole, own]) {
    const { code, out } = await verify('--anchors', file);
    assert.equal(code, 1);
    assert.match(out, /event [\s\S]* of the account operator has another head/);
  }
}

test('anchors arrive by webhook although the server is killed, and show a change of the logs: SQLite', async () => {
  await checkEngine(inFile(join(root, 'file')));
});

test('anchors arrive by webhook although the server is killed, and show a change of the logs: PostgreSQL', {
  skip: installations().length === 0 ? NO_POSTGRES : false,
}, async () => {
  await using postgres = await startPostgres(installations()[0] ?? assert.fail());
  const url = await postgres.createDatabase();
  await using client = Object.assign(new pg.Client({ connectionString: url }), {
    [Symbol.asyncDispose]: () => client.end(),
  });
  await client.connect();
  await checkEngine({
    settings: { ESIM_DATA_DIR: join(root, 'postgres'), ESIM_DATABASE_URL: url },
    run: (sql) => client.query(sql),
  });
});

test('an address without a secret does not start', async () => {
  const settings = {
    ESIM_DATA_DIR: join(root, 'half'),
    ESIM_AUDIT_ANCHOR_WEBHOOK_URL: 'https://log.example',
  };
  await assert.rejects(startServer(settings), /ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET is not set/);
});
