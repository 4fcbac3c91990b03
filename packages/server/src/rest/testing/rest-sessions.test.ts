import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { refusedSession } from '../../store/contract/records.harness.ts';
import { openSqliteStore } from '../../store/sqlite/store.ts';
import { restTest, START } from './rest.harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-sessions-'));
after(() => rmSync(folder, { recursive: true }));

const SESSIONS = 25_000;

/** Many sessions of eUICCs that asked for no profile; each was opened a millisecond after the one before. */
async function manySessions() {
  const path = join(folder, 'sessions.db');
  const store = await openSqliteStore(path);
  const refused = { subjectCode: '8.2.6', reasonCode: '3.8', message: 'unknown' } as const;
  const session = refusedSession({
    journal: [{ function: 'authenticateClient', at: START * 1000, refused }],
  });
  assert.equal(await store.save([{ session }]), 'saved');
  using db = new DatabaseSync(path);
  const names = db.prepare('select name from pragma_table_info(?)').all('session');
  const others = names.map(({ name }) => String(name)).filter((name) => name !== 'transaction_id');
  const values = others.join(', ').replace('opened_at', 'opened_at + n').replace('reasons', "' 8.8/4.2 '");
  db.exec(`insert into session (transaction_id, ${others.join(', ')})
    with recursive i(n) as (select 1 union all select n + 1 from i where n < ${SESSIONS})
    select printf('%032X', n + 1000000), ${values} from i, session`);
  return { store, oldest: session.transactionId };
}

test('a search that examines many sessions ends early, and says where to continue', async () => {
  const { store, oldest } = await manySessions();
  await using api = await restTest(store);
  const limited: (string | undefined)[] = [];
  for (let cursor = ''; ; ) {
    const page = (await api.call(`/api/v1/esim/download-attempts?count=9${cursor}`)).json();
    assert.deepEqual([page.attempts, page.more], [[], page.next_cursor !== undefined]);
    limited.push(page.search_limited);
    if (page.next_cursor === undefined) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  assert.deepEqual(limited, [true, true, undefined]);
  const found: unknown[] = [];
  for (let until = ''; ; ) {
    const answer = (await api.call(`/api/v1/esim/refused-calls?reason=8.2.6/3.8${until}`)).json();
    found.push([answer.search_limited, ...answer.calls.map(({ transaction_id }: never) => transaction_id)]);
    if (answer.searched_since === undefined) break;
    until = `&until=${answer.searched_since}`;
  }
  assert.deepEqual(found, [[true], [true], [undefined, oldest]]);
  const none = (
    await api.call(`/api/v1/esim/refused-calls?until=${new Date(START * 1000).toISOString()}`)
  ).json();
  assert.deepEqual(none, { calls: [] });
});
