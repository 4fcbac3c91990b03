import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deleteOld } from '../jobs/expire-sessions.ts';
import { put, refusedSession } from '../store/contract/records.harness.ts';
import { type Archive, openArchive } from './archive.ts';
import type { OpenedStore } from './tampering.harness.ts';

/** Sessions and deliveries that are deleted because they are old, with an archive. */

const [SESSIONS, DELIVERIES] = [620, 530];

async function fillWithOld({ store }: OpenedStore): Promise<void> {
  const journal = [{ function: 'initiateAuthentication', at: 1 }];
  const sessions = Array.from({ length: SESSIONS }, (_, i) => refusedSession({ expiresAt: i, journal }));
  await put(store, ...sessions.map((session) => ({ session })), { session: refusedSession() });
  const delivery = { kind: 'webhook', target: 'we_1', account: 'a', type: 'stock.low', iccid: '' } as const;
  for (let i = 0; i < DELIVERIES; i++) {
    const added = await store.addDelivery({ ...delivery, createdAt: i });
    await store.settleDelivery(added, { state: 'delivered', nextAttemptAt: 1, lastStatus: 204 });
  }
}

function newArchive(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'esim-archived-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The contents of the files of one kind. */
function contentsIn(folder: string, kind: string): Readonly<Record<string, unknown>>[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${kind}-`));
  for (const name of names) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  const lines = names.flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
  return lines.map((line) => {
    const { version, record, content } = JSON.parse(line);
    assert.deepEqual([version, record], [1, kind]);
    return content;
  });
}

export function archivedRecordTests(engine: string, open: () => Promise<OpenedStore>): void {
  test(`${engine}: old sessions and deliveries are in the archive before they are deleted, and young ones stay`, async () => {
    await using opened = await open();
    const { store } = opened;
    using own = newArchive();
    await fillWithOld(opened);
    const archive = openArchive(own.folder, 'node-1');
    assert.equal(await deleteOld({ store, node: 'one', archive }, 'session', 1e6), SESSIONS);
    assert.equal(await deleteOld({ store, node: 'one', archive }, 'delivery', 1e6), DELIVERIES);
    for (const [kind, key, count] of [
      ['session', 'transaction_id', SESSIONS],
      ['delivery', 'id', DELIVERIES],
    ] as const) {
      const contents = contentsIn(own.folder, kind);
      assert.deepEqual([contents.length, new Set(contents.map((one) => one[key])).size], [count, count]);
      assert.deepEqual(await store.oldRecords(kind, 1e6, 9), []);
    }
    assert.equal((await store.recentSessions(9)).length, 1);
    assert.equal(
      await deleteOld({ store, node: 'two', archive }, 'session', 1e6),
      0,
      'the first node does it',
    );
  });

  test(`${engine}: nothing is deleted that the archive has not taken, and who is killed in between has it twice`, async () => {
    await using opened = await open();
    const { store } = opened;
    using own = newArchive();
    await fillWithOld(opened);
    const full: Archive = { append: () => Promise.reject(new Error('ENOSPC')) };
    await assert.rejects(deleteOld({ store, node: 'one', archive: full }, 'session', 1e6), /ENOSPC/);
    assert.equal((await store.oldRecords('session', 1e6, 1000)).length, SESSIONS);
    const archive = openArchive(own.folder, 'node-1');
    const killed = {
      ...store,
      deleteOldRecords: () => Promise.reject(new Error('it was killed')),
    };
    await assert.rejects(deleteOld({ store: killed, node: 'one', archive }, 'session', 1e6), /killed/);
    assert.equal(await deleteOld({ store, node: 'one', archive }, 'session', 1e6), SESSIONS);
    const ids = contentsIn(own.folder, 'session').map(({ transaction_id }) => transaction_id);
    assert.deepEqual([ids.length, new Set(ids).size], [SESSIONS + 500, SESSIONS]);
  });
}
