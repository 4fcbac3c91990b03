import assert from 'node:assert/strict';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import { replaceIn } from '../../statements/secrets/secrets.ts';
import { createTables } from '../store.ts';

test('a hash is written only next to the value that it is the hash of', async () => {
  using db = new DatabaseSync(':memory:');
  await createTables(db);
  db.exec(`insert into profile (iccid, account, state, imsi, metadata, protection, changed_at, version)
    values ('1', 'operator', 'AVAILABLE', '', x'', 'session_keys', 1, 1)`);
  const [column, of] = ['upstream_matching_id_hash', 'upstream_matching_id'];
  const write = (before: string | null, after: string | null, value: string | null) => {
    const replacement = { column, before, after, of: { column: of, value } };
    const { text, values } = replaceIn('profile', { iccid: '1' }, replacement);
    db.prepare(text).run(...(values as SQLInputValue[]));
    return db.prepare(`select ${column} from profile`).get()?.[column];
  };
  assert.equal(write(null, 'hash of A', 'A'), null, 'the order was cancelled meanwhile');
  db.exec(`update profile set ${of} = 'B'`);
  assert.equal(write(null, 'hash of A', 'A'), null, 'the order was replaced meanwhile');
  assert.equal(write(null, 'hash of B', 'B'), 'hash of B');
  assert.equal(write(null, 'hash of A', 'B'), 'hash of B', 'another process has written it');
  db.exec(`update profile set ${of} = null`);
  assert.equal(write('hash of B', null, null), null);
});
