import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { AuditFilter } from '../../ports/audit.ts';
import type { LogPosition } from '../../ports/log-page.ts';
import { openSqliteStore } from '../store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-logs-'));
after(() => rmSync(folder, { recursive: true }));

const ENTRIES = 25_000;
const MATCH = 22_000;

/** A log in which one entry is of another operation and another key. */
async function openLog() {
  const path = join(folder, 'log.db');
  const store = await openSqliteStore(path);
  using db = new DatabaseSync(path);
  db.exec(`insert into audit (at, account, operation, key_id)
    with recursive i(n) as (select 1 union all select n + 1 from i where n < ${ENTRIES})
    select n, 'a', iif(n = ${MATCH}, 'rare', 'usual'), iif(n = ${MATCH}, 'k2', 'k1') from i`);
  return store;
}

test('for one page a limited number of rows is examined; the page says so, and the next page goes on there', async () => {
  const store = await openLog();
  const pagesOf = async (filter: Omit<AuditFilter, 'account' | 'count'>) => {
    const pages: [ids: readonly number[], isSearchLimited: boolean][] = [];
    for (let next: LogPosition | undefined; ; ) {
      const range = { count: 10, ...(next && { after: next }) };
      const page = await store.auditEntries({ account: 'a', ...filter, ...range });
      pages.push([page.items.map(({ id }) => id), page.isSearchLimited]);
      if (page.next === undefined) return pages;
      next = page.next;
    }
  };
  const [limited, last] = [
    [[], true],
    [[], false],
  ];
  for (const sort of ['oldest', 'newest'] as const) {
    const none = await pagesOf({ sort, keyId: 'k1', operation: 'rare' });
    assert.deepEqual(none, [limited, limited, last]);
    const one = await pagesOf({ sort, operation: 'rare', since: 1 });
    const found = [[MATCH], sort === 'newest'];
    assert.deepEqual(one, sort === 'oldest' ? [limited, limited, found] : [found, limited, last]);
  }
  await store.close();
});

test('a filter with an index of its own examines nothing else', async () => {
  const store = await openSqliteStore(join(folder, 'log.db'));
  for (const filter of [{ operation: 'rare' }, { keyId: 'k2' }, { since: MATCH, until: MATCH + 1 }]) {
    const { items, next, isSearchLimited } = await store.auditEntries({ account: 'a', ...filter, count: 1 });
    assert.deepEqual([items.map(({ id }) => id), next, isSearchLimited], [[MATCH], undefined, false]);
  }
  await store.close();
});
