import { constants, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { openSqliteStore } from '#server/store/sqlite/store';
import { available } from '../../bench/seed.ts';
import { account } from '../harness/server.ts';

/** The first ICCID of the inventory, and those after it in steps of 10. */
export const FIRST_ICCID = 8_900_000_000_000_000_000n;
const STEP = 10n;

/** Databases that attacks of this run have used, by their numbers of profiles. They are gone when the process ends. */
const created = new Map<number, string>();
process.on('exit', () => {
  for (const folder of created.values()) rmSync(folder, { recursive: true, force: true });
});

/** Stores that many AVAILABLE profiles of the first account in a new data folder. Each attack gets a copy of the same database. */
export async function storeInventory(dataDir: string, count: number): Promise<void> {
  let folder = created.get(count);
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'esim-inventory-'));
    created.set(count, folder);
    await createInventory(join(folder, 'esim.db'), count);
  }
  cpSync(folder, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE }); // the master key too
}

/** One profile through the store, and copies of it in SQL, which takes seconds. */
async function createInventory(path: string, count: number): Promise<void> {
  const store = await openSqliteStore(path);
  const [ki, opc] = [systemRandom(16), systemRandom(16)];
  const iccid = parseIccid(String(FIRST_ICCID));
  const input = { iccid, imsi: '001010000000000', ki, opc, serviceProviderName: 'Example' };
  const change = available(0, 'basic', { parameters: completeParameters(input, systemRandom) });
  if (!('profile' in change)) throw new TypeError('it is a profile');
  await store.save([{ ...change, profile: { ...change.profile, account: account.ESIM_BOOTSTRAP_USER_ID } }]);
  await store.close();
  using db = new DatabaseSync(path);
  const columns = db.prepare(`select name from pragma_table_info('profile')`).all() as { name: string }[];
  const values: Readonly<Record<string, string>> = {
    iccid: `cast(${FIRST_ICCID} + ${STEP} * n as text)`,
    imsi: `printf('00101%010d', n)`,
    changed_at: 'changed_at + n / 100',
  };
  db.exec(`
    pragma synchronous = off;
    with recursive number(n) as (select 1 union all select n + 1 from number where n < ${count - 1})
    insert into profile (${columns.map(({ name }) => name).join(', ')})
    select ${columns.map(({ name }) => values[name] ?? name).join(', ')} from profile, number where iccid = '${FIRST_ICCID}'`);
}
