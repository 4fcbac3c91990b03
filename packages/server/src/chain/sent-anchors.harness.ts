import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startReceiver } from '../../../../test/harness/receiver.ts';
import { startDelivery } from '../delivery/deliver.ts';
import { createLookUp } from '../delivery/outbound/look-up.ts';
import { anchorChannel } from '../delivery/webhooks/anchor-channel.ts';
import { webhookChannel } from '../delivery/webhooks/channel.ts';
import { anchorWriter } from '../jobs/write-anchors.ts';
import { anchorMemory, readLastAnchor } from '../process/folder/last-anchor.ts';
import { makeSecret } from '../store/ports/webhook-secret.ts';
import { openAnchorKey } from './anchor-key.ts';
import { FORGET } from './anchors.harness.ts';
import { chainAll, fill, type OpenedStore } from './tampering.harness.ts';
import { verifyAnchors } from './verify-anchors.ts';

/** Anchors that receivers have got by webhook: what they show when somebody has changed the database, and has the key too. */

const secret = makeSecret(new Uint8Array(32).fill(1));

/** A store with chains, a receiver of the server, and receivers of accounts. */
async function sending({ store }: OpenedStore) {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'esim-sent-anchors-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [server, ofA, deaf] = [await startReceiver(), await startReceiver(), await startReceiver()];
  for (const receiver of [server, ofA, deaf]) opened.use(receiver);
  const addWebhook = (id: string, url: string, events: readonly ('log.anchored' | 'profile.installed')[]) =>
    store.addWebhook(
      { id, account: 'a', url, description: '', events, secret, createdAt: 1, hearsFrom: 1, hearsAfter: 0 },
      9,
    );
  await store.addAccount({ id: 'a', name: 'a', createdAt: 1 });
  await addWebhook('we_a', ofA.url, ['log.anchored']);
  await addWebhook('we_deaf', deaf.url, ['profile.installed']);
  const key = await openAnchorKey(folder, store);
  const memory = anchorMemory(folder);
  const newWriter = () =>
    anchorWriter({ store, node: 'node-1', key, memory, isSentWhole: true, everyMs: 1000 });
  const sender = { lookUp: createLookUp([]), version: '0' };
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]),
  ) as never;
  opened.defer(
    startDelivery({
      store,
      channels: [
        webhookChannel(store, { ...sender, allowPrivate: true }),
        anchorChannel(store, { url: server.url, secret }, sender),
      ],
      node: 'node-1',
      log,
    }),
  );
  const verify = async (kept: readonly string[] = []) => {
    const found = await verifyAnchors(store, {
      keys: [key],
      lines: (async function* () {
        yield* kept;
      })(),
      last: readLastAnchor(folder),
    });
    return { ...found, kinds: [...new Set(found.differences.map(({ finding }) => finding))] };
  };
  const ending = opened.move();
  return {
    ...{ server, ofA, deaf, newWriter, verify },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

const bodiesOf = ({ received }: { readonly received: readonly { readonly body: string }[] }) =>
  received.map(({ body }) => body);
const lineIn = (body: string): string => JSON.parse(body).data.line;

export function sentAnchorTests(engine: string, open: () => Promise<OpenedStore>): void {
  test(`${engine}: the server's receiver gets all anchors, an account those of its own chains, and both are as the logs`, async () => {
    await using opened = await open();
    await using own = await sending(opened);
    let attempts = 0;
    own.server.answer = (response) => {
      attempts += 1;
      response.writeHead(attempts === 1 ? 500 : 204).end();
    };
    const writer = own.newWriter();
    const start = Date.now(); // an old message is not sent again
    for (const now of [start, start + 1]) {
      await fill(opened.store);
      await chainAll(opened.store);
      await writer.write(now);
    }
    await writer.write(start + 2); // no chain has changed
    await own.server.count(4);
    await own.ofA.count(2);
    const lines = bodiesOf(own.server).map(lineIn);
    assert.equal(lines[0], lines[1], 'the first one was sent again');
    assert.deepEqual(
      lines.slice(1).map((line) => [JSON.parse(line).anchor.number, JSON.parse(line).anchor.heads.length]),
      [
        [1, 4],
        [2, 4],
        [3, 0],
      ],
    );
    for (const body of bodiesOf(own.ofA)) {
      const { anchor } = JSON.parse(lineIn(body));
      assert.equal(anchor.account, 'a');
      assert.deepEqual(anchor.heads.map(({ log }: { log: string }) => log).toSorted(), ['audit', 'event']);
      assert.ok(!body.includes('"b"'), 'nothing of another account');
    }
    const [{ headers }] = own.server.received as [(typeof own.server.received)[number]];
    assert.match(String(headers['webhook-signature']), /^v1,/);
    assert.equal(headers['webhook-id'], own.server.received[1]?.headers['webhook-id']);
    assert.deepEqual(own.deaf.received, []);
    for (const kept of [lines, bodiesOf(own.server), bodiesOf(own.ofA), bodiesOf(own.ofA).map(lineIn)]) {
      const { differences, lines: count } = await own.verify(kept);
      assert.deepEqual([differences, count], [[], new Set(kept).size]);
    }
  });

  test(`${engine}: who writes the logs, the chains and the anchors again, with the key, is found by what a receiver has`, async () => {
    await using opened = await open();
    await using own = await sending(opened);
    await fill(opened.store);
    await chainAll(opened.store);
    await own.newWriter().write(Date.now());
    await own.server.count(1);
    await own.ofA.count(1);
    for (const step of [...FORGET, 'delete from chain_anchor']) await opened.sql(step);
    await chainAll(opened.store);
    await own.newWriter().write(Date.now());
    assert.deepEqual((await own.verify()).kinds, ['anchors_removed'], 'the number shows a gap');
    assert.deepEqual((await own.verify(bodiesOf(own.server))).kinds, ['anchors_removed', 'anchor_differs']);
    const { differences } = await own.verify(bodiesOf(own.ofA));
    assert.ok(differences.some(({ finding, account }) => finding === 'anchor_differs' && account === 'a'));
  });

  test(`${engine}: what is no anchor of this server does not count, and a gap is found`, async () => {
    await using opened = await open();
    await using own = await sending(opened);
    const writer = own.newWriter();
    for (let i = 0; i < 3; i++) {
      await fill(opened.store);
      await chainAll(opened.store);
      await writer.write(Date.now());
    }
    await own.server.count(3);
    await own.ofA.count(3);
    const [first = '', , third = ''] = bodiesOf(own.server);
    assert.deepEqual((await own.verify([first, third])).kinds, ['anchors_removed']);
    const [ofA = ''] = bodiesOf(own.ofA);
    for (const changed of [
      ofA.replace('\\"entry\\":', '\\"entry\\":1'),
      ofA.replace('\\"account\\":\\"a\\"', '\\"account\\":\\"b\\"'),
    ]) {
      assert.notEqual(changed, ofA);
      assert.deepEqual((await own.verify([changed])).kinds, ['anchor_forged']);
    }
    for (const odd of ['{"type":"log.anchored"}', '{"type":', 'no anchor'])
      assert.deepEqual((await own.verify([odd])).kinds, ['anchor_forged'], odd);
    await opened.sql('delete from chain_anchor where number = 3');
    const { kinds } = await own.verify([bodiesOf(own.ofA)[2] ?? '']);
    assert.deepEqual(kinds, ['anchors_removed']);
  });

  test(`${engine}: a server without the address keeps the message for one that has it`, async () => {
    await using opened = await open();
    const channel = anchorChannel(opened.store, undefined, { lookUp: createLookUp([]), version: '0' });
    const delivery = {
      kind: 'anchor',
      target: 'anchors',
      account: '',
      type: 'log.anchored',
      iccid: '',
    } as const;
    const added = await opened.store.addDelivery({
      ...delivery,
      facts: { key: 'k', number: '1' },
      createdAt: 1,
    });
    const outcome = await channel.send(added, undefined, { signal: new AbortController().signal, trace: {} });
    assert.deepEqual(outcome, {
      state: 'refused',
      error: 'ESIM_AUDIT_ANCHOR_WEBHOOK_URL is not set on this server',
    });
  });
}
