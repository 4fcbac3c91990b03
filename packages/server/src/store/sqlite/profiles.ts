import type { StatementSync } from 'node:sqlite';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { ProfileStore } from '../ports/profiles.ts';
import { type ProfileRow, profileColumnNames, profileFromRow } from '../rows/profiles.ts';
import { readByName } from '../rows/read-by-name.ts';
import {
  matchingIdToFind,
  mustHaveMatchingId,
  mustHaveUpstreamMatchingId,
  upstreamMatchingIdToFind,
} from '../rows/secrets/matching-id.ts';
import { type UseRow, useFromRow } from '../rows/uses.ts';
import {
  firstByIccid,
  firstReleases,
  imsiOfAnother,
  profileFactQueries,
  profileQueries,
} from '../statements/profiles.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf, rowsOf } from './connection/read-rows.ts';

const rowOf = readByName<ProfileRow>(profileColumnNames);
const nameOf = (values: unknown) => `profile ${rowOf(values).iccid}`;
const nameOfUse = ({ iccid, eid }: UseRow) => `use ${iccid} ${eid}`;

/** Profiles that are read without a turn of their own. */
const FEW = 16;

/** ICCIDs that one turn looks up. */
const LOOKED_UP_AT_ONCE = 256;

type Values = readonly (string | number)[];

export function sqliteProfiles(connection: Connection): ProfileStore {
  const { opened, read, readLong, readable, readableOne, sealing } = connection;
  const profileFrom = opened(
    'profile',
    (values: unknown) => profileFromRow(rowOf(values)),
    profileColumnNames,
  );
  const useFrom = opened('profile_use', useFromRow);
  const statements = connection.prepareEach(profileQueries, 'arrays');
  const facts = connection.prepareEach(profileFactQueries);
  const holders = prepareLazily({ ofImsi: () => connection.db.prepare(`${imsiOfAnother} limit 1`) });
  const one = (statement: StatementSync, values: Values, from = profileFrom) =>
    readableOne(firstRowOf(statement, ...values), from, nameOf, (row) => rowOf(row).account);
  const all = (statement: StatementSync, values: Values, from = profileFrom) =>
    readable(rowsOf(statement, ...values), from, nameOf);
  const iccids = (statement: StatementSync, values: Values) =>
    (statement.all(...values) as { iccid: Iccid }[]).map(({ iccid }) => iccid);
  return {
    profile: (iccid) => read(() => one(statements.byIccid, [iccid])),
    profileByMatchingId: (id) =>
      read(() => {
        const from = (values: unknown) => mustHaveMatchingId(profileFrom(values), id);
        for (const form of sealing.formsOf(matchingIdToFind(id))) {
          const profile = one(statements.byMatchingId, [form], from);
          if (profile !== undefined) return profile;
        }
        return undefined;
      }),
    profilesByUpstreamMatchingId: (account, id, most) =>
      read(() => {
        const from = (values: unknown) => mustHaveUpstreamMatchingId(profileFrom(values), id);
        const forms = sealing.formsOf(upstreamMatchingIdToFind(id));
        const found = forms.flatMap((form) =>
          all(statements.byUpstreamMatchingId, [account, form, most], from),
        );
        return firstByIccid(found, most);
      }),
    profilesWaitingFor: (eid, most) =>
      read(() => {
        const inState = (state: ProfileState) => all(statements.waitingFor, [eid, state, most]);
        return firstReleases([...inState('RELEASED'), ...inState('DOWNLOADED')], most);
      }),
    availableOfType: (account, type, most) =>
      (most > FEW ? readLong : read)(() => all(statements.availableOfType, [account, type, most])),
    knowsType: (account, type) => read(() => facts.anyOfType.get(account, type, 1) !== undefined),
    takenIccids: async (list) => {
      const taken: Iccid[] = [];
      for (let i = 0; i < list.length; i += LOOKED_UP_AT_ONCE) {
        const some = list.slice(i, i + LOOKED_UP_AT_ONCE);
        taken.push(...(await readLong(() => some.filter((iccid) => facts.any.get(iccid) !== undefined))));
      }
      return taken;
    },
    profileOrderedBy: (account, call) => read(() => one(statements.orderedBy, [account, call])),
    use: (iccid, eid) => read(() => readableOne(firstRowOf(facts.use, iccid, eid), useFrom, nameOfUse)),
    isFormerCall: (account, call) => read(() => facts.formerCall.get(account, call) !== undefined),
    hasFormer: (iccid) => read(() => facts.former.get(iccid) !== undefined),
    imsiHolders: (account, numbers) =>
      readLong(() =>
        numbers.map(({ imsi, iccid }) => {
          const holder = holders.ofImsi.get(account, imsi, iccid) as { iccid: Iccid } | undefined;
          return holder?.iccid;
        }),
      ),
    profilesDue: (now, count) =>
      read(() => {
        const returning = iccids(facts.returning, [now, count]);
        return [...returning, ...iccids(facts.expiring, [now, count])].slice(0, count);
      }),
  };
}
