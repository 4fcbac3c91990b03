import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { Kysely } from 'kysely';
import { stocked } from '../contract/records.testdata.ts';
import type { Place } from '../ports/inventory.ts';
import type { Tables } from '../rows/columns.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { type Way, ways } from './inventory-statements.ts';
import { prepareStatements } from './statements.ts';
import { openSqliteStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-inventory-'));
after(() => rmSync(folder, { recursive: true }));

const index = (way: Way) => ({ iccid: 'iccid', state: 'state_iccid' })[way as string] ?? way;

test('every way leads along its index, and nothing is sorted', async () => {
  const path = join(folder, 'ways.db');
  await (await openSqliteStore(path)).close();
  using db = new DatabaseSync(path);
  const { inventory } = prepareStatements(db, new Kysely<Tables>({ dialect: nodeSqliteDialect(db) }));
  for (const way of ways)
    for (const { page, filtered, end } of Object.values(inventory[way]))
      for (const { sourceSQL } of [page, filtered, end]) {
        const plan = db.prepare(`explain query plan ${sourceSQL}`).all() as { detail: string }[];
        const told = plan.map(({ detail }) => detail).join('; ');
        assert.match(
          told,
          new RegExp(`^SEARCH profile USING (COVERING )?INDEX profile_account_${index(way)} \\(`),
          way,
        );
        assert.doesNotMatch(told, /TEMP B-TREE/, way);
      }
});

test('of very many profiles only so many are looked at for a page; the next one goes on there', async () => {
  const store = await openSqliteStore(join(folder, 'many.db'));
  const profiles = Array.from({ length: 25_000 }, (_, i) =>
    stocked({
      account: 'operator',
      ...(i === 22_000 && { imsi: '001019999999999' }),
      state: i % 2 ? 'AVAILABLE' : 'UNAVAILABLE',
    }),
  );
  assert.equal(await store.save(profiles.map((profile) => ({ profile }))), 'saved');
  for (const descending of [false, true]) {
    const sizes: number[] = [];
    const wish = {
      account: 'operator',
      states: ['UNAVAILABLE'],
      imsiPrefix: '001019',
      order: 'iccid',
      descending,
    } as const;
    for (let after: Place | undefined; ; ) {
      const page = await store.inventory({ ...wish, count: 10, ...(after && { after }) });
      sizes.push(page.profiles.length);
      if (page.next === undefined) break;
      after = page.next;
    }
    assert.deepEqual(sizes, descending ? [1, 0] : [0, 1]);
  }
  await store.close();
});
