import type { StatementSync } from 'node:sqlite';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { statesOutOfUse } from '@esim-rsp/smdp/state/profile';
import { sql } from 'kysely';
import { MOST_AT_ONCE, type ProfileStore } from '../ports/profiles.ts';
import { type ProfileRow, profileColumnNames, profileFromRow } from '../rows/profiles.ts';
import { type UseRow, useFromRow } from '../rows/uses.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { readByName } from './connection/read-by-name.ts';
import { rowsOf } from './connection/read-rows.ts';

const rowOf = readByName<ProfileRow>(profileColumnNames);
const profileFrom = (values: unknown) => profileFromRow(rowOf(values));
const nameOf = (values: unknown) => `profile ${rowOf(values).iccid}`;
const nameOfUse = ({ iccid, eid }: UseRow) => `use ${iccid} ${eid}`;

/** Profiles that are read without a turn of their own. */
const FEW = 16;

type Values = readonly (string | number)[];

export function sqliteProfiles(connection: Connection): ProfileStore {
  const { read, readLong, readable, readableOne } = connection;
  const statements = prepareStatements(connection);
  const one = (statement: StatementSync, values: Values) =>
    readableOne(rowsOf(statement, ...values), profileFrom, nameOf, (row) => rowOf(row).account);
  const all = (statement: StatementSync, values: Values) =>
    readable(rowsOf(statement, ...values), profileFrom, nameOf);
  const iccids = (statement: StatementSync, values: Values) =>
    (statement.all(...values) as { iccid: Iccid }[]).map(({ iccid }) => iccid);
  return {
    profile: (iccid) => read(() => one(statements.byIccid, [iccid])),
    profileByMatchingId: (id) => read(() => one(statements.byMatchingId, [id])),
    profilesWaitingFor: (eid) => read(() => all(statements.waitingFor, [eid])),
    availableOfType: (account, type, most) =>
      (most > FEW ? readLong : read)(() => all(statements.availableOfType, [account, type, most])),
    knowsType: (account, type) => read(() => statements.anyOfType.get(account, type, 1) !== undefined),
    iccidsBetween: (first, last) => readLong(() => iccids(statements.between, [first, last])),
    profileOrderedBy: (account, call) => read(() => one(statements.orderedBy, [account, call])),
    use: (iccid, eid) => read(() => readableOne(rowsOf(statements.use, iccid, eid), useFromRow, nameOfUse)),
    isFormerCall: (account, call) => read(() => statements.formerCall.get(account, call) !== undefined),
    hasFormer: (iccid) => read(() => statements.former.get(iccid) !== undefined),
    imsiHolders: (account, numbers) =>
      readLong(() => {
        const pairs = Array.from({ length: MOST_AT_ONCE }, (_, i) => numbers[i] ?? { imsi: '', iccid: '' });
        const values = pairs.flatMap(({ imsi, iccid }) => [account, imsi, iccid]);
        const [holders] = rowsOf(statements.imsiHolders, ...values) as [readonly (Iccid | null)[]];
        return numbers.map((_, i) => holders[i] ?? undefined);
      }),
    profilesDue: (now, count) =>
      read(() => {
        const returning = iccids(statements.returning, [now, count]);
        return [...returning, ...iccids(statements.expiring, [now, count])].slice(0, count);
      }),
  };
}

function prepareStatements(connection: Connection) {
  const { kysely, prepare, prepareArrays } = connection;
  const profiles = () => kysely.selectFrom('profile').select(profileColumnNames);
  const iccids = () => kysely.selectFrom('profile').select('iccid');
  const ofType = () => kysely.selectFrom('profile').where('account', '=', '').where('profile_type', '=', '');
  const sameImsi = () =>
    iccids()
      .select('state')
      .where('account', '=', '')
      .where('imsi', '=', '')
      .where('iccid', '<>', '')
      .orderBy('iccid')
      .limit(sql.lit(100));
  const inUse = sql<boolean>`state not in (${sql.join(statesOutOfUse.map((state) => sql.lit(state)))})`;
  return prepareLazily({
    byIccid: () => prepareArrays(profiles().where('iccid', '=', '')),
    byMatchingId: () =>
      prepareArrays(profiles().where('matching_id', '=', 'x').where('matching_id', '<>', sql.lit(''))),
    waitingFor: () =>
      prepareArrays(
        profiles()
          .where('order_eid', '=', '')
          .where('matching_id', '=', sql.lit(''))
          .where(sql<boolean>`state in ('RELEASED', 'DOWNLOADED')`)
          .orderBy('released_at')
          .orderBy('iccid'),
      ),
    availableOfType: () =>
      prepareArrays(
        ofType()
          .select(profileColumnNames)
          .where('state', '=', sql.lit('AVAILABLE'))
          .orderBy('changed_at')
          .orderBy('iccid')
          .limit(1),
      ),
    anyOfType: () => prepare(ofType().select('iccid').limit(1)),
    between: () => prepare(iccids().where('iccid', '>=', '').where('iccid', '<=', '').orderBy('iccid')),
    orderedBy: () =>
      prepareArrays(profiles().where('account', '=', '').where('download_order_call', '=', '')),
    imsiHolders: () =>
      prepareArrays(
        kysely.selectNoFrom((e) =>
          Array.from({ length: MOST_AT_ONCE }, (_, i) =>
            e
              .selectFrom(sameImsi().as('same'))
              .select('iccid')
              .where(inUse)
              .limit(sql.lit(1))
              .as(`holder${i}`),
          ),
        ),
      ),
    use: () =>
      prepare(kysely.selectFrom('profile_use').selectAll().where('iccid', '=', '').where('eid', '=', '')),
    formerCall: () =>
      prepare(
        kysely.selectFrom('former_call').select('call').where('account', '=', '').where('call', '=', ''),
      ),
    former: () => prepare(kysely.selectFrom('former_profile').select('version').where('iccid', '=', '')),
    returning: () => prepare(iccids().where('returns_at', '<=', 0).orderBy('returns_at').limit(1)),
    expiring: () =>
      prepare(
        iccids()
          .where('order_expires_at', '<=', 0)
          .where('state', '=', sql.lit('RELEASED'))
          .where('reusable', 'is', null)
          .orderBy('order_expires_at')
          .limit(1),
      ),
  });
}
