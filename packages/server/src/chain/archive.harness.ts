import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cutLogs } from '../jobs/cut-logs.ts';
import type { Log } from '../log/log.ts';
import { openArchive, readArchive } from './archive.ts';
import { chainAll, fill, type OpenedStore } from './tampering.harness.ts';
import { verifyChains } from './verify.ts';
import { verifyArchive } from './verify-archive.ts';

/** What is deleted from the logs is in the archive, with what proves it. */

const NOW = Date.UTC(2030, 5, 15, 12);
const quiet = () => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** A store whose logs were cut twice, and the archive. */
async function archived({ store }: OpenedStore) {
  const folder = mkdtempSync(join(tmpdir(), 'esim-archive-'));
  const cut = async (node = 'node-1', failing?: true) => {
    const own = failing ? { ...store, cut: async () => 'stale' as const } : store;
    const archive = openArchive(folder, node);
    return cutLogs(
      { store: own, node, log, keepDays: { event: 30, audit: 30 }, archive },
      NOW,
      new AbortController().signal,
    );
  };
  const fillAndCut = async () => {
    await fill(store);
    await chainAll(store);
    await store.fanOut({
      after: await store.fanOutPosition(),
      upTo: await store.lastEventId(),
      deliveries: [],
    });
    assert.ok((await cut()) > 0);
  };
  await fillAndCut();
  await fillAndCut();
  const eventsPath = join(folder, 'event-2030-06-15-node-1.ndjson');
  return {
    folder,
    cut,
    eventsPath,
    lines: () => readFileSync(eventsPath, 'utf8').trimEnd().split('\n'),
    write: (lines: readonly string[]) => writeFileSync(eventsPath, lines.map((line) => `${line}\n`).join('')),
    verify: () => verifyArchive(store, () => readArchive(folder)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What somebody does to the lines of the events, 20 of one account and then 20 of the other, twice; and what is found. */
const changes: Readonly<Record<string, readonly [(lines: string[]) => string[], finding: string]>> = {
  'a changed line': [
    (lines) => lines.with(7, (lines[7] ?? '').replace('AVAILABLE', 'ENABLED')),
    'archive_changed',
  ],
  'a removed line': [(lines) => lines.toSpliced(7, 1), 'archive_gap'],
  'a line of another account': [
    (lines) =>
      lines.with(
        7,
        (lines[7] ?? '').replace(/"account":"([ab])"/, (_, own) => `"account":"${own === 'a' ? 'b' : 'a'}"`),
      ),
    'archive_changed',
  ],
  'a removed end': [(lines) => lines.slice(0, -1), 'archive_gap'],
  'a text that is no entry': [(lines) => [...lines, '{"log":"event"}'], 'archive_changed'],
  'a line without content that has its salt': [
    (lines) => lines.with(7, (lines[7] ?? '').replace(/,"content":.*$/, '}')),
    'archive_changed',
  ],
};

export function archiveTests(engine: string, open: () => Promise<OpenedStore>): void {
  test(`${engine}: what is deleted is in the archive with hash and salt, once, and each change of it is found`, async () => {
    await using opened = await open();
    using own = await archived(opened);
    const whole = own.lines();
    assert.deepEqual(readdirSync(own.folder).sort(), [
      'audit-2030-06-15-node-1.ndjson',
      'event-2030-06-15-node-1.ndjson',
    ]);
    assert.equal(statSync(own.eventsPath).mode & 0o777, 0o600);
    assert.equal(whole.length, 80);
    const { content, salt } = JSON.parse(whole[0] ?? '');
    assert.deepEqual([content.type, content.at, salt.length], ['profile.created', 1001, 32]);
    const { differences, ...counts } = await own.verify();
    assert.deepEqual([differences, counts], [[], { entries: 100, repeated: 0, erased: 0, broken: 0 }]);
    for (const [name, [change, finding]] of Object.entries(changes)) {
      own.write(change(whole));
      const found = (await own.verify()).differences.map((one) => one.finding);
      assert.equal(found[0], finding, `${name}: ${found}`);
    }
    own.write(whole.map((line, i) => (i === 7 ? line.replace(/,"salt":.*$/, '}') : line)));
    const erased = await own.verify();
    assert.deepEqual([erased.differences, erased.erased], [[], 1], 'content can be removed from the archive');
    own.write(whole.slice(3));
    assert.deepEqual((await own.verify()).differences, [], 'old files can be moved away');
  });

  test(`${engine}: a server that was killed before it deleted has entries twice, also of two nodes, and never loses one`, async () => {
    await using opened = await open();
    using own = await archived(opened);
    const { store } = opened;
    await fill(store);
    await chainAll(store);
    await store.fanOut({
      after: await store.fanOutPosition(),
      upTo: await store.lastEventId(),
      deliveries: [],
    });
    assert.equal(await own.cut('node-1', true), 0);
    const ahead = await own.verify();
    assert.deepEqual([ahead.differences, ahead.entries], [[], 140], 'the archive is ahead of the chain');
    appendFileSync(own.eventsPath, (own.lines()[90] ?? '').slice(0, 100)); // and half a line
    await store.takeLease({ name: 'retention', node: 'node-1', now: 0, until: 1 });
    assert.equal(await own.cut('another'), 40);
    const { differences, ...counts } = await own.verify();
    assert.deepEqual([differences, counts], [[], { entries: 140, repeated: 40, erased: 0, broken: 1 }]);
    await chainAll(store);
    assert.deepEqual((await verifyChains(store)).differences, []);
  });

  test(`${engine}: what was erased before is not in the archive`, async () => {
    await using opened = await open();
    const { store } = opened;
    await fill(store);
    await chainAll(store);
    const [entry = assert.fail()] = (await store.auditEntries({ account: 'a', count: 1 })).items;
    assert.equal(
      await store.eraseAuditEntry({ account: 'a', id: entry.id, at: 2000, reason: 'request 7' }),
      'erased',
    );
    using own = await archived(opened);
    const text = readFileSync(join(own.folder, 'audit-2030-06-15-node-1.ndjson'), 'utf8');
    const line = text.split('\n').find((one) => one.includes(`"account":"a","entry":${entry.id},`));
    assert.deepEqual(Object.keys(JSON.parse(line ?? '{}')), [
      'version',
      'log',
      'account',
      'entry',
      'previous',
      'head',
      'hash',
    ]);
    const { differences, erased } = await own.verify();
    assert.deepEqual([differences, erased], [[], 1]);
  });
}
