import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { esimWithDemo } from '../../../../../test/harness/esim-with-server.ts';

const { cwd, esim } = await esimWithDemo();

type Result = {
  readonly ok: boolean;
  readonly entries: number;
  readonly unchained: number;
  readonly anchors: number;
  readonly kept_anchors: number;
  readonly differences: readonly { readonly finding: string; readonly log: string; readonly entry: number }[];
};

async function verified(...options: string[]): Promise<Result & { code: number }> {
  const { code, out, err } = await esim('audit', 'verify', '--json', ...options);
  assert.notEqual(out, '', err);
  return { code, ...JSON.parse(out) };
}

/** A running server chains and signs within seconds. */
async function verifiedWhen(isSo: (result: Result) => boolean): Promise<Result & { code: number }> {
  for (const end = performance.now() + 60_000; ; ) {
    const result = await verified();
    if (isSo(result) || performance.now() > end) return result;
    await sleep(200);
  }
}

test('a server chains and signs its logs, and verify says that they are as they were written', async () => {
  const { euicc_profiles: profiles } = JSON.parse(
    (await esim('profile', 'list', '--state', 'AVAILABLE', '--json')).out,
  );
  for (const attempts of ['4', '5'])
    for (const words of [['order'], ['update', '--attempts', attempts], ['cancel']]) {
      const [word = '', ...options] = words;
      assert.equal((await esim('profile', word, profiles[0].iccid, ...options)).code, 0);
    }
  const { code, ok, entries, unchained, differences } = await verifiedWhen(
    (result) => result.unchained === 0 && result.entries > 9 && result.anchors > 0,
  );
  assert.deepEqual([code, ok, unchained, differences], [0, true, 0, []]);
  assert.ok(entries > 5);
  const { out } = await esim('audit', 'verify');
  assert.match(out, /^The logs are as they were written: \d+ entries in \d+ chains, \d+ anchors\.\n/);
});

test('verify compares with anchors that were kept in a file, and with keys of other nodes', async () => {
  const file = join(cwd, 'kept.ndjson');
  const db = new DatabaseSync(join(cwd, 'data', 'esim.db'));
  const lines = db.prepare('select line from chain_anchor order by number').all() as { line: string }[];
  db.close();
  writeFileSync(file, lines.map(({ line }) => `${line}\n`).join(''));
  const key = await esim('audit', 'key');
  assert.equal(createPublicKey(key.out).asymmetricKeyDetails?.namedCurve, 'prime256v1');
  writeFileSync(join(cwd, 'key.pub'), key.out);
  const same = await verified('--anchors', file, '--key', join(cwd, 'key.pub'));
  assert.deepEqual([same.code, same.kept_anchors], [0, lines.length], JSON.stringify(same));
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"at":', '"at":1'));
  const forged = await verified('--anchors', file);
  assert.deepEqual([forged.code, forged.differences[0]?.finding], [1, 'anchor_forged']);
  const missing = await esim('audit', 'verify', '--anchors', join(cwd, 'nowhere'));
  assert.deepEqual([missing.code, /nowhere cannot be read/.test(missing.err)], [1, true]);
  const noKey = await esim('audit', 'verify', '--key', file);
  assert.deepEqual([noKey.code, /has no public key/.test(noKey.err)], [1, true]);
});

test('entries of a target are erased with a reason, and verify still passes', async () => {
  const read = async (...words: string[]) => JSON.parse((await esim(...words, '--json')).out).entries;
  const [{ target }] = await read('audit', '--operation', 'orderEUICCProfile', '--count', '1');
  const before = await read('audit', '--target', target);
  assert.ok(before.length >= 3);
  const none = await esim('audit', 'erase', '--reason', 'x');
  assert.deepEqual([none.code, /name one entry, or all of a target/.test(none.err)], [2, true]);
  assert.equal((await esim('audit', 'erase', '1')).code, 2, 'a reason is required');
  const [one, ...others] = before as { id: number; operation: string; occurred_at: string; status: number }[];
  const first = await esim('audit', 'erase', String(one?.id), '--reason', 'request 7');
  assert.deepEqual([first.code, first.out], [0, `The entry ${one?.id} is erased.\n`], first.err);
  const rest = await esim('audit', 'erase', '--target', target, '--reason', 'request 7');
  assert.deepEqual([rest.code, rest.out], [0, `${others.length} entries are erased.\n`], rest.err);
  assert.deepEqual(await read('audit', '--target', target), []);
  const all = (await read('audit', '--all')) as (typeof before)[number][];
  for (const { id, operation, occurred_at, status } of before) {
    const { erased_at, ...left } = all.find((entry) => entry.id === id);
    assert.ok(erased_at);
    assert.deepEqual(left, { id, operation, occurred_at, status });
    const [record] = await read('audit', '--target', `audit ${id}`);
    assert.deepEqual([record.operation, record.reason], ['eraseLogEntries', 'request 7']);
  }
  assert.match((await esim('audit', '--all')).out, / erased +- +orderEUICCProfile /);
  const { code, differences } = await verifiedWhen((result) => result.unchained === 0);
  assert.deepEqual([code, differences], [0, []]);
});

test('a change in the database is exit code 1, and the entry is named', async () => {
  const db = new DatabaseSync(join(cwd, 'data', 'esim.db'), { timeout: 10_000 });
  const { id } = db.prepare('select min(id) as id from event').get() as { id: number };
  db.prepare("update event set to_state = 'DELETED' where id = ?").run(id);
  db.close();
  const { code, ok, differences } = await verified();
  assert.deepEqual([code, ok], [1, false]);
  assert.deepEqual(
    differences.map(({ finding, log, entry }) => [finding, log, entry]),
    [['changed', 'event', id]],
  );
  const { code: again, out } = await esim('audit', 'verify');
  assert.equal(again, 1);
  assert.match(out, new RegExp(`event ${id} of the account \\S+ is not what was chained`));
});
