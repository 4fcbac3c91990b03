import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendNotifications } from '@esim-rsp/euicc';
import { NotFoundError } from '@esim-rsp/sdk';
import { openPostgresStore } from '#server/store/postgres/store';
import {
  followSynchronously,
  type Installation,
  NO_REPLICA,
  optionsFor,
  type Replica,
  replicaInstallation,
  startPostgres,
  startReplica,
} from '#server/store/postgres/testing/server.harness';
import { TEST_KEY, testMasterKey } from '#server/store/sealing/test-key.harness';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';
import { checkDeliveries, checkHistory, retried } from './checks.harness.ts';

/** Two nodes with a PostgreSQL that has a replica. The primary is killed in the middle of downloads, and the replica takes its place. */

const installation = replicaInstallation();
const PHONES = 16;
const AT_ONCE = 3;
/** Phones that have downloaded before the primary is killed. */
const BEFORE = 5;
/** A node tries to connect all the time; the rest is for a slow machine. */
const MOST_MS_TO_RECOVER = 15_000;

test('when a replica takes the place of a primary that was killed, nodes continue by themselves, and nothing acknowledged is lost', {
  skip: installation === undefined && NO_REPLICA,
}, async () => {
  await using closing = new AsyncDisposableStack();
  const database = await startDatabase(installation ?? assert.fail(), closing);
  const nodes = await startNodes(database.url, closing);
  const receiver = closing.use(await startReceiver());
  await nodes[0].api.createWebhook({ url: receiver.url, events: ['*'] });
  const orders = [];
  for (let i = 0; i < PHONES; i++)
    orders.push({ node: nodes[i % 2] as ServerProcess, ...(await released(nodes[i % 2] as ServerProcess)) });

  const operators = nodes.map((node) => createProfiles(node));
  let installed = 0;
  const waiting = orders.values();
  const downloading = Array.from({ length: AT_ONCE }, async () => {
    for (const { node, activationCode } of waiting) {
      await downloadUntilInstalled(node, activationCode);
      installed++;
    }
  });
  await until(() => installed >= BEFORE && operators.every(({ created }) => created.length > 2));
  await database.primary.stop('kill');
  await until(() => operators.every(({ refused }) => refused.length > 0));
  database.replica.promote();
  const promoted = performance.now();
  await Promise.all(operators.map(({ next }) => next()));
  const ms = performance.now() - promoted;
  assert.ok(ms < MOST_MS_TO_RECOVER, `the nodes needed ${ms} ms`);
  console.log(`# the nodes created profiles again ${ms.toFixed(0)} ms after the replica was promoted`);
  await Promise.all(downloading);
  await Promise.all(operators.map(({ stop }) => stop()));

  for (const { refused } of operators)
    for (const answer of refused) assert.deepEqual(answer.problem, [503, 'busy', true]);
  const histories = [];
  for (const { iccid } of orders) histories.push(await historyOf(nodes[1], iccid));
  for (const history of histories) checkHistory(history);
  for (const { created, refused } of operators) {
    for (const iccid of created) histories.push(await createdOnce(nodes[0], iccid));
    // it may have been stored before its answer was lost
    for (const { iccid } of refused)
      if (await exists(nodes[0], iccid)) histories.push(await createdOnce(nodes[0], iccid));
  }
  await checkDeliveries(receiver.received, histories.flat());
  for (const node of nodes) assert.equal((await fetch(`${node.restUrl}/readyz`)).status, 200);
});

/** A primary whose commits wait for its replica. */
async function startDatabase(which: Installation, closing: AsyncDisposableStack) {
  const primary = closing.use(await startPostgres(which));
  const replica = closing.use(await startReplica(which, primary));
  const name = new URL(await primary.createDatabase()).pathname;
  await followSynchronously(primary);
  const url = `postgres://esim@127.0.0.1:${primary.port},127.0.0.1:${replica.port}${name}?target_session_attrs=read-write`;
  await mustUsePrimary(url, replica, name);
  return { primary, replica, url };
}

/** A node does not start on a replica, and finds the primary behind it. */
async function mustUsePrimary(url: string, replica: Replica, name: string): Promise<void> {
  const [, primaryFirst = ''] = /@([^/]+)/.exec(url) ?? [];
  const replicaFirst = url.replace(primaryFirst, primaryFirst.split(',').toReversed().join(','));
  const store = await openPostgresStore(optionsFor(replicaFirst), testMasterKey);
  await store.tryWrite();
  await store.close();
  await assert.rejects(
    openPostgresStore(optionsFor(`postgres://esim@127.0.0.1:${replica.port}${name}`), testMasterKey),
    /cannot be used \(it is a replica/,
  );
}

async function startNodes(url: string, closing: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'esim-failover-'));
  closing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const start = async (name: string) =>
    closing.use(
      await startServer({
        ESIM_DATABASE_URL: url,
        ESIM_MASTER_KEY: TEST_KEY,
        ESIM_DATABASE_WAIT_MS: '1000',
        ESIM_DATA_DIR: join(folder, name),
        ESIM_PKI_DIR: join(folder, 'pki'),
        ESIM_DOWNLOAD_ATTEMPTS: '100', // calls that the database does not answer count as attempts
        ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
      }),
    );
  return [await start('one'), await start('other')] as const;
}

async function downloadUntilInstalled(node: ServerProcess, code: string): Promise<void> {
  await using phone = await newPhone(node);
  await retried(() => downloadBy(phone, code));
  await retried(async () => {
    const { waiting } = await sendNotifications(phone.env);
    assert.deepEqual(waiting, []);
  });
}

type Refused = { readonly iccid: string; readonly problem: readonly [number, string, boolean] };

/** Creates a profile after the other, each once, until it is stopped. */
function createProfiles({ restUrl }: ServerProcess) {
  const [created, refused]: [string[], Refused[]] = [[], []];
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      const parameters = subscription();
      const response = await fetch(`${restUrl}/api/v1/esim/euicc-profiles`, {
        method: 'POST',
        headers: {
          'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
          'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ parameters }),
      });
      const { code = '' } = (await response.json()) as { code?: string };
      if (response.status === 201) created.push(parameters.iccid);
      else {
        const problem = [response.status, code, Number(response.headers.get('retry-after')) > 0] as const;
        refused.push({ iccid: parameters.iccid, problem });
      }
      await sleep(20);
    }
  })();
  return {
    created,
    refused,
    /** Resolves when one more was created. */
    next: () => {
      const count = created.length;
      return until(() => created.length > count);
    },
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}

async function historyOf({ api }: ServerProcess, iccid: string) {
  return (await api.getEUICCProfileHistory(iccid)).data.events;
}

async function createdOnce(node: ServerProcess, iccid: string) {
  const history = await historyOf(node, iccid);
  assert.deepEqual(
    history.map(({ type }) => type),
    ['profile.created'],
  );
  return history;
}

async function exists({ api }: ServerProcess, iccid: string): Promise<boolean> {
  try {
    await api.getEUICCProfile(iccid);
    return true;
  } catch (error) {
    assert.ok(error instanceof NotFoundError, String(error));
    return false;
  }
}
