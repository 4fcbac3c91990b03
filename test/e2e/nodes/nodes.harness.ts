import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Es9Channel, sendNotifications } from '@esim-rsp/euicc';
import { es9Transport } from '@esim-rsp/phone';
import type { ProfileEvent } from '@esim-rsp/sdk';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { certificatesIn } from '@esim-rsp/sgp22/pki/certificate';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { freeAddresses, freePort } from '../../harness/free-port.ts';
import { downloadBy, newPhone, type TestPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { type ServerProcess, type Settings, sameAddresses, startServer } from '../../harness/server.ts';
import { startProxy, without } from '../proxies/programs.ts';
import { checkDeliveries, checkHistory, retried } from './checks.harness.ts';

/** Three nodes with one PostgreSQL behind HAProxy, which sends each connection to a random node. */

export const NODES = 3;
/** Phones that download at the same time. */
const AT_ONCE = 4;

/** Registers the test with that number of phones. */
export function testNodes(phones: number): void {
  const [installation] = installations();
  const skip = installation === undefined ? NO_POSTGRES : without('haproxy');
  test(`${phones} phones download from three nodes, of which one after the other is killed`, {
    skip,
  }, async () => {
    await using closing = new AsyncDisposableStack();
    const database = closing.use(await startPostgres(installation ?? assert.fail()));
    const { nodes, proxy, connections } = await startNodes(await database.createDatabase(), closing);
    const receiver = closing.use(await startReceiver());
    await anyOf(nodes).api.createWebhook({ url: receiver.url, events: ['*'] });
    const orders = [];
    for (let i = 0; i < phones; i++) orders.push(await released((nodes[i % NODES] as Node).server));
    const killing = keepKilling(nodes);
    const waiting = orders.entries();
    const works = Array.from({ length: AT_ONCE }, async () => {
      for (const [i, { activationCode }] of waiting) {
        // A quick machine waits for the killer: some downloads come after each of the first two kills.
        await until(() => killing.kills() >= Math.floor((3 * i) / phones) || killing.kills() >= 2);
        await downloadUntilInstalled(nodes, activationCode, connections);
      }
    });
    await Promise.all(works);
    await killing.stop();
    assert.ok(killing.kills() >= 2, `only ${killing.kills()} nodes were killed`);
    const histories = await Promise.all(orders.map(({ iccid }) => historyOf(nodes, iccid)));
    for (const history of histories) checkHistory(history);
    await checkDeliveries(receiver.received, histories.flat());
    assert.ok(connections.count >= phones * 5, `${connections.count} connections`);
    const each = await connectionsOf(proxy);
    assert.equal(each.length, NODES);
    assert.ok(Math.min(...each) > phones / 2, `the nodes got ${each.join(', ')} connections`);
  });
}

export type Node = { readonly settings: Settings; server: ServerProcess };
export type Nodes = readonly Node[];
type Connections = { count: number };

export const anyOf = (nodes: Nodes) => (nodes[Math.floor(Math.random() * nodes.length)] as Node).server;

/** Starts the nodes, and the proxy before their ES9+ and their REST API. */
export async function startNodes(url: string, closing: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'esim-nodes-'));
  closing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [port, restPort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'master.key'), randomBytes(32).toString('base64'), { mode: 0o600 });
  const nodes: Node[] = [];
  for (let i = 0; i < NODES; i++) {
    const settings: Settings = {
      ESIM_DATABASE_URL: url,
      ESIM_DATA_DIR: join(folder, `node-${i}`),
      ESIM_PKI_DIR: join(folder, 'pki'),
      ESIM_MASTER_KEY_FILE: join(folder, 'master.key'),
      ESIM_SMDP_ADDRESS: `localhost:${port}`,
      ESIM_DOWNLOAD_ATTEMPTS: '100', // calls whose node is killed count as attempts
      ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
      ...(await freeAddresses()),
    };
    nodes.push({ settings, server: await startServer(settings) });
  }
  closing.defer(async () => void (await Promise.all(nodes.map(({ server }) => server.kill()))));
  const config = (place: string) => haproxyConfig(place, { port, restPort }, nodes);
  const proxy = closing.use(await startProxy('haproxy', { port, config }));
  return { nodes, proxy, restUrl: `http://127.0.0.1:${restPort}`, connections: { count: 0 } };
}

/** The socket on which HAProxy answers how many connections each node got. */
const STATS = 'stats.sock';

type Ports = { readonly port: number; readonly restPort: number };

function haproxyConfig(folder: string, { port, restPort }: Ports, nodes: Nodes): string {
  const servers = (name: string, urlOf: (server: ServerProcess) => string) =>
    nodes.map(({ server }, i) => `  server ${name}${i} 127.0.0.1:${new URL(urlOf(server)).port}`);
  return [
    'global',
    `  stats socket ${join(folder, STATS)}`,
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 60s',
    '  timeout server 60s',
    '  retries 5',
    '  option redispatch 1',
    'frontend es9',
    `  bind :::${port} v4v6`,
    '  default_backend nodes',
    'backend nodes',
    '  balance random',
    ...servers('node', ({ es9Url }) => es9Url),
    'frontend rest',
    `  bind 127.0.0.1:${restPort}`,
    '  default_backend rest',
    'backend rest',
    '  balance random',
    ...servers('rest', ({ restUrl }) => restUrl),
    '',
  ].join('\n');
}

/** How many connections HAProxy has sent to each node. */
async function connectionsOf({ folder }: { readonly folder: string }): Promise<number[]> {
  const socket = connect(join(folder, STATS));
  socket.end('show stat\n');
  const lines = (await text(socket)).split('\n').map((line) => line.split(','));
  const at = lines[0]?.indexOf('stot') ?? assert.fail();
  return lines.filter(([, name]) => name?.startsWith('node')).map((columns) => Number(columns[at]));
}

/** Kills a node at a random moment, starts it again, and goes to the next, until it is stopped. */
function keepKilling(nodes: Nodes) {
  let [isStopped, kills] = [false, 0];
  const running = (async () => {
    while (!isStopped) {
      await sleep(200 + Math.random() * 800);
      const node = nodes[kills++ % NODES] as Node;
      await node.server.kill();
      node.server = await startServer({ ...node.settings, ...sameAddresses(node.server) });
    }
  })();
  return {
    kills: () => kills,
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}

/** A phone that opens a connection for each call, and tries again like a user does. */
async function downloadUntilInstalled(nodes: Nodes, code: string, connections: Connections): Promise<void> {
  await using phone = await phoneOf(anyOf(nodes), connections);
  await retried(() => downloadBy(phone, code));
  await retried(async () => {
    const { waiting } = await sendNotifications(phone.env);
    assert.deepEqual(waiting, []);
  });
}

/** A phone that opens a connection for each call. `around`: wraps the calls. */
export async function phoneOf(
  node: ServerProcess,
  connections: Connections,
  around: (post: Es9Channel['post']) => Es9Channel['post'] = (post) => post,
): Promise<TestPhone> {
  const pki = (await readPkiDirectory(node.pkiDir)) ?? assert.fail();
  const [ci = assert.fail()] = certificatesIn(
    pki.get('CertificateIssuer/CERT_CI_ECDSA_NIST.der') ?? assert.fail([...pki.keys()].join(' ')),
  );
  const post: Es9Channel['post'] = async (address, path, body) => {
    using es9 = es9Transport({ trust: [trustCi(ci)] });
    connections.count += 1;
    return await es9.post(address, path, body);
  };
  return newPhone(node, { through: () => ({ post: around(post) }) });
}

export function historyOf(nodes: Nodes, iccid: string): Promise<ProfileEvent[]> {
  return retried(async () => (await anyOf(nodes).api.getEUICCProfileHistory(iccid)).data.events);
}
