import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openArchive } from '@esim-rsp/server/chain/archive';
import { openSqliteStore } from '#server/store/sqlite/store';
import { brokenCopy } from '../../harness/broken-copy.ts';
import { startServer } from '../../harness/server.ts';
import { checkKilled, deleteOld, type Filled, fillWithOld } from './retention.harness.ts';

/** A server on SQLite that deletes old events, and is killed while it does. retention-postgres.test.ts has the other engine. */

const root = mkdtempSync(join(tmpdir(), 'esim-retention-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** Every run begins with a copy of this data. */
const filled = join(root, 'filled');
mkdirSync(filled);
const own = await openSqliteStore(join(filled, 'esim.db'));
await fillWithOld(own);
await own.close();

function copyOfFilled(folder: string): Filled {
  const dataDir = join(folder, 'data');
  cpSync(filled, dataDir, { recursive: true });
  return {
    settings: { ESIM_DATA_DIR: dataDir },
    archive: join(folder, 'archive'),
    open: () => openSqliteStore(join(dataDir, 'esim.db')),
  };
}

test('a server that is killed while it deletes old events loses none that is not in the archive, and the logs stay whole', async () => {
  await checkKilled(copyOfFilled(join(root, 'killed')));
});

/** One fault each, which the check finds. */
const breaks = [
  {
    name: 'the last entry of each step does not come to the archive',
    file: 'packages/server/src/jobs/cut-logs.ts',
    from: 'archiveLines(chain, chain.cutHead, pairs)',
    to: 'archiveLines(chain, chain.cutHead, pairs.slice(0, -1))',
    finds: 'archive_gap',
  },
  {
    name: 'a deletion is not in the audit log',
    file: 'packages/server/src/store/statements/logs/cuts.ts',
    from: '[ADD_RECORD, at, account, CUT,',
    to: "[ADD_RECORD, at, account, 'other',",
    finds: 'cut_without_record',
  },
] as const;

for (const { name: title, finds, ...replacement } of breaks)
  test(`the check finds that ${title}`, async () => {
    using copy = brokenCopy(replacement);
    const { chains, archive } = await deleteOld(copyOfFilled(join(root, finds)), 0, copy.root);
    const found = [...chains.differences, ...archive.differences].map(({ finding }) => finding);
    assert.ok(found.includes(finds), `${found}`);
  });

test('a server does not start with an archive that it cannot write, or with limits that contradict each other', async () => {
  assert.throws(() => openArchive('/dev/null/archive', 'node'), { code: 'ENOTDIR' });
  const dataDir = join(root, 'refused');
  for (const [settings, why] of [
    [{ ESIM_ARCHIVE: '/dev/null/archive' }, /ESIM_ARCHIVE is \/dev\/null\/archive, which cannot be written/],
    [{ ESIM_KEEP_EVENTS: '60', ESIM_KEEP_AUDIT: '30' }, /ESIM_KEEP_AUDIT is 30, and ESIM_KEEP_EVENTS is 60/],
  ] as const)
    await assert.rejects(startServer({ ESIM_DATA_DIR: dataDir, ...settings }), why);
});
