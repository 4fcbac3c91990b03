import type { Profile, Released } from '@esim-rsp/smdp/state/profile';
import type { Use } from '@esim-rsp/smdp/state/use';
import { latestUseColumns, profileColumns, profileToRow } from '../rows/profiles.ts';
import { useColumns, useToRow } from '../rows/uses.ts';
import { reservedForOther } from '../statements/number-reservations.ts';
import { imsiOfAnother, profileFactQueries } from '../statements/profiles.ts';
import { insertRow, valuesOf } from '../statements/write-row.ts';
import type { Call } from './connection/batch.ts';
import { rowStatement, statementOf, statementsOf } from './connection/statements.ts';
import { insertOneCall, mustWriteOne, nextVersionCall, updateCall } from './connection/write-row.ts';

const facts = statementsOf(profileFactQueries);
const insertUse = insertOneCall('profile_use', useColumns, 'iccid, eid');
const updateUse = nextVersionCall('profile_use', useColumns, ['iccid', 'eid']);
const update = nextVersionCall('profile', profileColumns, ['iccid']);
const updateLatest = updateCall('profile', latestUseColumns, ['iccid', 'state', 'order_id', 'reusable']);

/**
 * Inserts a profile, which continues from the version of a former one with its ICCID. Fails as stale if there is one, or the ICCID is reserved for
 * another account.
 */
const insertNew = newProfileStatement(`not exists (${reservedForOther})`);
const insertUniqueImsi = newProfileStatement(
  `not exists (${reservedForOther}) and not exists (${imsiOfAnother})`,
);

function newProfileStatement(condition: string) {
  const { names } = insertRow('profile', profileColumns);
  const types = { text: 'text', integer: 'bigint', bytes: 'bytea' } as const;
  const typeOf = (name: keyof typeof profileColumns) =>
    types[profileColumns[name].replace(/secret |hashed |lookup |\?/g, '') as keyof typeof types];
  const values = names.map((name) => {
    const place = `cast(? as ${typeOf(name as keyof typeof profileColumns)})`;
    return name === 'version'
      ? `${place} + coalesce((select version from former_profile where iccid = ?), 0)`
      : place;
  });
  const text = `insert into profile (${names.join(', ')}) select ${values.join(', ')} where ${condition}
    on conflict (iccid) do nothing`;
  return { statement: rowStatement(mustWriteOne({ text, names })), names };
}

/** Writes the next version of a profile; fails as stale if the stored one is not the version before. */
export function writeProfile(profile: Profile): Call {
  if (profile.version > 0) return update(nextRow(profile));
  return { statement: insertNew.statement, values: newProfileValues(profile) };
}

function nextRow(profile: Profile) {
  return profileToRow({ ...profile, version: profile.version + 1 });
}

function newProfileValues(profile: Profile) {
  const { iccid, account } = profile;
  const values = valuesOf('profile', nextRow(profile), insertNew.names);
  values.splice(insertNew.names.indexOf('version') + 1, 0, iccid);
  return [...values, iccid, iccid, account];
}

const lockName = statementOf('select pg_advisory_xact_lock(hashtextextended($1, 0))');

/**
 * Inserts a profile; fails as stale also if another one in use of the account has its IMSI. Transactions that insert the same IMSI so wait for
 * each other.
 */
export function writeWithUniqueImsi(profile: Profile): Call[] {
  const { account, imsi, iccid } = profile;
  return [
    { statement: lockName, values: [`imsi ${account} ${imsi}`] },
    { statement: insertUniqueImsi.statement, values: [...newProfileValues(profile), account, imsi, iccid] },
  ];
}

const requireVersion = statementOf(
  `select require_one((select count(*) from (${facts.version.text} for share) as same))`,
);

/** Fails as stale unless the stored profile has the version of this one. It cannot be changed until the transaction has ended; others can check it too. */
export function mustBeUnchanged({ iccid, version }: Profile): Call {
  return { statement: requireVersion, values: [iccid, version] };
}

/** Writes the next version of a use; fails as stale if the stored one is not the version before. */
export function writeUse(use: Use): Call {
  const row = useToRow({ ...use, version: use.version + 1 });
  return use.version === 0 ? insertUse(row) : updateUse(row);
}

/** Deletes the uses of an order that has ended, with their one-time keys. */
export function deleteUses({ iccid }: Profile): Call {
  return { statement: facts.deleteUses, values: [iccid] };
}

/** Shows the latest use of a reusable order; nothing is written if the order has ended meanwhile. */
export function writeLatestUse(profile: Released): Call {
  return updateLatest(profileToRow(profile));
}
