import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { openSqliteStore } from '../sqlite/store.ts';
import { stocked } from './records.harness.ts';

/** A process that opens the store and raises a number in one profile, in competition with others: path, ICCID, how often. */
const [, , path = '', iccid = '', rounds] = process.argv;
const store = await openSqliteStore(path);
const fresh = stocked({ iccid: parseIccid(iccid), changedAt: 0 });
for (let raised = 0; raised < Number(rounds); ) {
  const profile = (await store.profile(fresh.iccid)) ?? fresh;
  const outcome = await store.save([{ profile: { ...profile, changedAt: profile.changedAt + 1 } }]);
  if (outcome === 'saved') raised++;
}
await store.close();
