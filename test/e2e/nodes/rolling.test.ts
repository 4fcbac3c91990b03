import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionFailure, type Es9Channel, sendNotifications } from '@esim-rsp/euicc';
import type { ESIMRSPApi } from '@esim-rsp/sdk';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { downloadBy } from '../../harness/phone.ts';
import { subscription } from '../../harness/profiles.ts';
import { startReceiver } from '../../harness/receiver.ts';
import { apiAt, sameAddresses, startServer } from '../../harness/server.ts';
import { without } from '../proxies/programs.ts';
import { checkDeliveries, checkHistory } from './checks.harness.ts';
import { anyOf, historyOf, NODES, type Nodes, phoneOf, startNodes } from './nodes.harness.ts';

/** Phones that download at the same time, each with an order of its own over REST before. */
const AT_ONCE = 3;
/** Downloads that have to end while one node is replaced. */
const EACH = 3;

const [installation] = installations();

test('three nodes are replaced one after the other, and no download and no call of REST fails', {
  skip: installation === undefined ? NO_POSTGRES : without('haproxy'),
}, async () => {
  await using closing = new AsyncDisposableStack();
  const database = closing.use(await startPostgres(installation ?? assert.fail()));
  const { nodes, restUrl, connections } = await startNodes(await database.createDatabase(), closing);
  const receiver = closing.use(await startReceiver());
  await anyOf(nodes).api.createWebhook({ url: receiver.url, events: ['*'] });
  const seen: Seen = { iccids: [], statuses: [] };
  const stop = new AbortController();
  const work = async () => {
    while (!stop.signal.aborted)
      seen.iccids.push(await orderAndDownload(nodes, apiAt(restUrl), { connections, seen }));
  };
  const replacing = replaceEach(nodes, () => seen.iccids.length, stop.signal);
  const all = [replacing.finally(() => stop.abort()), ...Array.from({ length: AT_ONCE }, work)];
  await Promise.all(all).finally(async () => {
    stop.abort(); // what fails ends the others, before the nodes end
    await Promise.allSettled(all);
  });
  assert.deepEqual(
    seen.statuses.filter((status) => status >= 500),
    [],
  );
  assert.ok(seen.iccids.length >= EACH * NODES);
  const histories = await Promise.all(seen.iccids.map((iccid) => historyOf(nodes, iccid)));
  for (const history of histories) {
    checkHistory(history);
    assert.deepEqual(
      history.slice(3).map(({ type }) => type),
      ['download.checked', 'profile.downloaded', 'profile.installed'],
    );
  }
  await checkDeliveries(receiver.received, histories.flat());
});

/** What the clients have got: profiles that were installed, and the HTTP status of each answer to a phone. */
type Seen = { readonly iccids: string[]; readonly statuses: number[] };
type Clients = { readonly connections: { count: number }; readonly seen: Seen };

/** Ends each node as its supervisor does, and starts it again, while the others serve. */
async function replaceEach(nodes: Nodes, downloads: () => number, stopping: AbortSignal): Promise<void> {
  for (const node of nodes) {
    if (stopping.aborted) return;
    const before = downloads();
    await node.server.close();
    node.server = await startServer({ ...node.settings, ...sameAddresses(node.server) });
    while (downloads() < before + EACH && !stopping.aborted) await sleep(50);
  }
}

/** Creates and orders a profile through the proxy, and downloads it: no step is repeated but by the rules of HTTP. */
async function orderAndDownload(nodes: Nodes, api: ESIMRSPApi, clients: Clients): Promise<string> {
  const { iccid } = (await api.createEUICCProfile({ parameters: subscription() })).data;
  const { activation_code } = (await api.orderEUICCProfile(iccid, {})).data;
  await using phone = await phoneOf(anyOf(nodes), clients.connections, (post) =>
    patiently(post, clients.seen),
  );
  await downloadBy(phone, activation_code);
  const { waiting } = await sendNotifications(phone.env);
  assert.deepEqual(waiting, []);
  assert.equal((await api.getEUICCProfile(iccid)).data.state, 'INSTALLED');
  return iccid;
}

const MOST_TRIES = 20;

/**
 * Sends a request again only if it was not sent: nothing listened, or the connection ended before TLS was established (RFC 9110, 9.2.2). After a request
 * was sent, nothing may go wrong.
 */
function patiently(post: Es9Channel['post'], { statuses }: Seen): Es9Channel['post'] {
  return async (...call) => {
    for (let tries = 1; ; tries++)
      try {
        const answer = await post(...call);
        statuses.push(answer.status);
        return answer;
      } catch (error) {
        if (tries === MOST_TRIES || !wasNotSent(error)) throw error;
        await sleep(100);
      }
  };
}

function wasNotSent(error: unknown): boolean {
  return error instanceof ConnectionFailure && (error.cause as { phase?: string })?.phase === 'connect';
}
