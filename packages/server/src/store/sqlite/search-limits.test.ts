import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { refusedSession } from '../contract/records.harness.ts';
import type { SessionPosition } from '../ports/sessions.ts';
import { openSqliteStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-limits-'));
after(() => rmSync(folder, { recursive: true }));

test('a search of sessions examines a limited number for one page, says so, and continues there', async () => {
  const path = join(folder, 'sessions.db');
  const store = await openSqliteStore(path);
  const session = refusedSession({ journal: [{ function: 'authenticateClient', at: 1 }] });
  assert.equal(await store.save([{ session }]), 'saved');
  using db = new DatabaseSync(path);
  const names = db.prepare('select name from pragma_table_info(?)').all('session');
  const others = names.map(({ name }) => String(name)).filter((name) => name !== 'transaction_id');
  db.exec(`insert into session (transaction_id, ${others.join(', ')})
    with recursive i(n) as (select 1 union all select n + 1 from i where n < 25000)
    select printf('%032X', n + 1000000), ${others.join(', ').replace('opened_at', 'n + 1')} from i, session`);
  const pages: [number, boolean][] = [];
  for (let next: SessionPosition | undefined; ; ) {
    const page = await store.sessions({ reason: '8.1/9', count: 5, ...(next && { after: next }) });
    pages.push([page.items.length, page.isSearchLimited]);
    if (page.next === undefined) break;
    next = page.next;
  }
  assert.deepEqual(pages, [
    [0, true],
    [0, true],
    [0, false],
  ]);
  for (const filter of [
    { account: 'none' },
    { account: 'none', since: 1 },
    { account: 'none', until: 99_999 },
  ]) {
    const page = await store.sessions({ ...filter, count: 5 });
    assert.deepEqual([page.items, page.isSearchLimited, page.next?.openedAt], [[], true, 15_002]);
  }
  const unknown = await store.sessions({ account: 'none', eid: session.eid, withoutProfile: true, count: 5 });
  assert.deepEqual([unknown.items, unknown.isSearchLimited], [[], true]);
  const all = await store.sessions({ count: 1000 });
  assert.deepEqual([all.items.length, all.isSearchLimited], [1000, false]);
  assert.deepEqual((await store.sessions({ since: 25_001, count: 9 })).items.length, 1);
  await store.close();
});
