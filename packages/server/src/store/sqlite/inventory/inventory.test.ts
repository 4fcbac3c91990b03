import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { Kysely } from 'kysely';
import { stocked } from '../../contract/records.harness.ts';
import type { ListPosition } from '../../ports/inventory.ts';
import type { Tables } from '../../rows/tables.ts';
import { type Way, wayQueries, ways } from '../../statements/inventory/ways.ts';
import { nodeSqliteDialect } from '../connection/dialect.ts';
import { openSqliteStore } from '../store.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-inventory-'));
after(() => rmSync(folder, { recursive: true }));

const index = (way: Way) =>
  ({ iccid: 'iccid', state: 'state_iccid', msisdn_digits: 'msisdn' })[way as string] ?? way;

test('every way follows its index, and nothing is sorted', async () => {
  const path = join(folder, 'ways.db');
  await (await openSqliteStore(path)).close();
  using db = new DatabaseSync(path);
  const kysely = new Kysely<Tables>({ dialect: nodeSqliteDialect(db) });
  for (const way of ways)
    for (const direction of ['asc', 'desc'] as const)
      for (const query of Object.values(wayQueries(kysely, 'hex(metadata)', way, direction))) {
        const plan = db.prepare(`explain query plan ${query().compile().sql}`).all() as { detail: string }[];
        const steps = plan.map(({ detail }) => detail).join('; ');
        assert.match(
          steps,
          new RegExp(`^SEARCH profile USING (COVERING )?INDEX profile_account_${index(way)} \\(`),
          way,
        );
        assert.doesNotMatch(steps, /TEMP B-TREE/, way);
      }
});

test('for one page a limited number of profiles is examined; the page says so, and the next page goes on there', async () => {
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
    const pages: [size: number, isSearchLimited: boolean][] = [];
    const filter = {
      account: 'operator',
      states: ['UNAVAILABLE'],
      imsiPrefix: '001019',
      order: 'iccid',
      descending,
    } as const;
    for (let after: ListPosition | undefined; ; ) {
      const page = await store.searchProfiles({ ...filter, count: 10, ...(after && { after }) });
      pages.push([page.profiles.length, page.isSearchLimited]);
      if (page.next === undefined) break;
      after = page.next;
    }
    assert.deepEqual(
      pages,
      descending
        ? [
            [1, true],
            [0, false],
          ]
        : [
            [0, true],
            [1, false],
          ],
    );
  }
  await store.close();
});
