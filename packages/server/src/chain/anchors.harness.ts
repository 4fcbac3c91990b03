import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { anchorWriter } from '../jobs/write-anchors.ts';
import { anchorMemory, readLastAnchor } from '../process/folder/last-anchor.ts';
import { openAnchorFile } from './anchor-file.ts';
import { openAnchorKey, readAnchorKey, readPublicKeys } from './anchor-key.ts';
import { chainAll, fill, type OpenedStore } from './tampering.harness.ts';
import { verifyChains } from './verify.ts';
import { verifyAnchors } from './verify-anchors.ts';

/** What somebody can do who can write all of the database, and what the anchors say. */

/** A filled store with a chain, a data folder with a key, and anchors in the database and in a file. */
async function anchored({ store }: OpenedStore) {
  const folder = mkdtempSync(join(tmpdir(), 'esim-anchors-'));
  const path = join(folder, 'anchors.ndjson');
  const key = await openAnchorKey(folder, store);
  const newWriter = () =>
    anchorWriter({
      store,
      node: 'node-1',
      key,
      memory: anchorMemory(folder),
      file: openAnchorFile(path),
      isSentWhole: false,
      everyMs: 1000,
    });
  await fill(store);
  await chainAll(store);
  await newWriter().writeIfDue(1_000_000);
  await fill(store);
  await chainAll(store);
  await newWriter().writeIfDue(2_000_000);
  const verify = async (from: { readonly file?: true; readonly keys?: [] } = {}) => {
    const lines = from.file && linesOf(path);
    const found = await verifyAnchors(store, {
      keys: from.keys ?? [key],
      lines,
      last: readLastAnchor(folder),
    });
    return { ...found, kinds: [...new Set(found.differences.map(({ finding }) => finding))] };
  };
  const close = () => rmSync(folder, { recursive: true, force: true });
  return { folder, path, key, newWriter, verify, [Symbol.dispose]: close };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  yield* readFileSync(path, 'utf8').split('\n');
}

/** Somebody changes an event, and all chains are written again. */
export const FORGET = [
  'delete from chain_link',
  'delete from chain',
  'update chain_position set last_entry = 0',
  `update event set to_state = 'ENABLED' where id = 7`,
];

export function anchorTests(engine: string, open: () => Promise<OpenedStore>): void {
  test(`${engine}: anchors confirm the chains, and only new heads are signed`, async () => {
    await using opened = await open();
    using own = await anchored(opened);
    const { differences, anchors, heads } = await own.verify();
    assert.deepEqual([differences, anchors, heads], [[], 2, 8]);
    assert.deepEqual((await own.verify({ file: true })).lines, 2);
    await own.newWriter().writeIfDue(2_000_500); // too early
    assert.equal((await own.verify({ file: true })).anchors, 2);
    const writer = own.newWriter();
    await writer.writeIfDue(3_000_000);
    await writer.writeIfDue(4_000_000);
    const [last] = (await opened.store.anchors({ key: own.key.id, number: 3 }, 9)) ?? [];
    assert.deepEqual(JSON.parse(last?.line ?? '').anchor.heads, []);
    assert.deepEqual((await own.verify({ file: true })).differences, []);
    const [named] = readPublicKeys(own.key.pem);
    assert.equal(named?.id, readAnchorKey(own.folder)?.id);
    for (const file of ['audit-key.pem', 'anchors.ndjson', '.last-anchor'])
      assert.equal(statSync(join(own.folder, file)).mode & 0o777, 0o600, file);
  });

  test(`${engine}: an end that was removed from log, chain and position is found by an anchor`, async () => {
    await using opened = await open();
    using own = await anchored(opened);
    const { store, sql } = opened;
    const ofA = `(select number from chain where account = 'a' and log = 'event')`;
    const last = `(select max(entry) from chain_link where chain = ${ofA})`;
    await sql(`delete from event where id = ${last}`);
    await sql(
      `update chain set last_entry = (select max(entry) from chain_link where chain = chain.number and entry < ${last}) where account = 'a' and log = 'event'`,
    );
    await sql(
      `update chain set head = (select head from chain_link where chain = chain.number and entry = chain.last_entry) where account = 'a' and log = 'event'`,
    );
    await sql(
      `delete from chain_link where chain = ${ofA} and entry > (select last_entry from chain where number = ${ofA})`,
    );
    assert.deepEqual((await verifyChains(store)).differences, [], 'the chain alone does not show it');
    const { differences } = await own.verify();
    assert.deepEqual(
      differences.map(({ finding, log, account, entry }) => [finding, log, account, entry]),
      [['anchor_differs', 'event', 'a', 79]],
    );
  });

  test(`${engine}: a chain that was written again from a changed log is found by an anchor`, async () => {
    await using opened = await open();
    using own = await anchored(opened);
    for (const step of FORGET) await opened.sql(step);
    await chainAll(opened.store);
    assert.deepEqual((await verifyChains(opened.store)).differences, [], 'the chain alone does not show it');
    const { kinds, differences } = await own.verify();
    assert.deepEqual(kinds, ['anchor_differs']);
    assert.match(differences[0]?.text ?? '', /of the account [ab] has another head/);
  });

  test(`${engine}: anchors that were removed, changed or signed by somebody else are found`, async () => {
    await using opened = await open();
    using own = await anchored(opened);
    const { store, sql } = opened;
    assert.deepEqual(
      (await own.verify({ keys: [] })).kinds,
      ['anchor_forged', 'anchors_removed'].slice(0, 1),
    );
    await sql('delete from chain_anchor where number = 1');
    assert.deepEqual((await own.verify()).kinds, ['anchors_removed']);
    await sql('delete from chain_anchor');
    for (const step of FORGET) await sql(step);
    await chainAll(store);
    assert.deepEqual((await own.verify()).kinds, ['anchors_removed'], 'the data folder knows the last one');
    await own.newWriter().writeIfDue(9_000_000);
    assert.deepEqual((await own.verify()).kinds, ['anchors_removed'], 'a new one does not hide the gap');
    assert.deepEqual((await own.verify({ file: true })).kinds, ['anchors_removed', 'anchor_differs']);
    const other = mkdtempSync(join(tmpdir(), 'esim-anchors-'));
    try {
      const stranger = { ...(await openAnchorKey(other, store)), id: own.key.id };
      const [line = ''] = readFileSync(own.path, 'utf8').split('\n');
      const text = line.slice('{"anchor":'.length, line.indexOf(',"signature"'));
      const changed = text.replace('"entry":39', '"entry":37');
      assert.notEqual(changed, text);
      appendFileSync(own.path, `{"anchor":${changed},"signature":"${stranger.sign(changed)}"}\n`);
      assert.ok((await own.verify({ file: true })).kinds.includes('anchor_forged'));
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  test(`${engine}: a file that lost its last lines, or half of one, gets them again`, async () => {
    await using opened = await open();
    using own = await anchored(opened);
    const whole = readFileSync(own.path, 'utf8');
    for (const cut of [1, 20, whole.length - 5]) {
      truncateSync(own.path, whole.length - cut);
      await own.newWriter().writeIfDue(2_000_001);
      const read = readFileSync(own.path, 'utf8').split('\n');
      for (const line of whole.trimEnd().split('\n')) assert.ok(read.includes(line), `without ${cut} octets`);
      assert.deepEqual((await own.verify({ file: true })).differences, []);
    }
  });
}
