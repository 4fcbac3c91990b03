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
  imsiHolderValues,
  profileFactQueries,
  profileQueries,
} from '../statements/profiles.ts';
import type { Connection } from './connection/connection.ts';
import { statementOf, statementsOf } from './connection/statements.ts';

const statements = statementsOf(profileQueries, 'arrays');
const facts = statementsOf(profileFactQueries);
const taken = statementOf('select iccid from profile where iccid = any(cast($1 as text[]))');
const rowOf = readByName<ProfileRow>(profileColumnNames);
const nameOf = (values: unknown) => `profile ${rowOf(values).iccid}`;
const nameOfUse = ({ iccid, eid }: UseRow) => `use ${iccid} ${eid}`;
const accountOf = (values: unknown) => rowOf(values).account;

/** Profiles that are read together with what else is read in the turn. */
const FEW = 16;

export function postgresProfiles(connection: Connection): ProfileStore {
  const { opened, rows, rowsAlone, readable, readableOne, sealing } = connection;
  const profileFrom = opened(
    'profile',
    (values: unknown) => profileFromRow(rowOf(values)),
    profileColumnNames,
  );
  const useFrom = opened('profile_use', useFromRow);
  const one = (found: readonly unknown[], from = profileFrom) => readableOne(found, from, nameOf, accountOf);
  const iccidsIn = (found: readonly unknown[]) => (found as { iccid: Iccid }[]).map(({ iccid }) => iccid);
  return {
    profile: async (iccid) => one(await rows(statements.byIccid, iccid)),
    profileByMatchingId: async (id) => {
      const forms = sealing.formsOf(matchingIdToFind(id));
      const found = await Promise.all(forms.map((form) => rows(statements.byMatchingId, form)));
      return one(found.flat(), (values) => mustHaveMatchingId(profileFrom(values), id));
    },
    profilesByUpstreamMatchingId: async (account, id, most) => {
      const from = (values: unknown) => mustHaveUpstreamMatchingId(profileFrom(values), id);
      const forms = sealing.formsOf(upstreamMatchingIdToFind(id));
      const found = await Promise.all(
        forms.map((form) => rows(statements.byUpstreamMatchingId, account, form, most)),
      );
      return firstByIccid(readable(found.flat(), from, nameOf), most);
    },
    profilesWaitingFor: async (eid, most) => {
      const inState = (state: ProfileState) => rows(statements.waitingFor, eid, state, most);
      const found = await Promise.all([inState('RELEASED'), inState('DOWNLOADED')]);
      return firstReleases(readable(found.flat(), profileFrom, nameOf), most);
    },
    availableOfType: async (account, type, most) =>
      readable(
        await (most > FEW ? rowsAlone : rows)(statements.availableOfType, account, type, most),
        profileFrom,
        nameOf,
      ),
    knowsType: async (account, type) => (await rows(facts.anyOfType, account, type, 1)).length > 0,
    takenIccids: async (iccids) => {
      const found = new Set(iccidsIn(await rowsAlone(taken, `{${iccids.join(',')}}`)));
      return iccids.filter((iccid) => found.has(iccid));
    },
    profileOrderedBy: async (account, call) => one(await rows(statements.orderedBy, account, call)),
    use: async (iccid, eid) => readableOne(await rows(facts.use, iccid, eid), useFrom, nameOfUse),
    isFormerCall: async (account, call) => (await rows(facts.formerCall, account, call)).length > 0,
    hasFormer: async (iccid) => (await rows(facts.former, iccid)).length > 0,
    imsiHolders: async (account, numbers) => {
      const [holders] = (await rowsAlone(statements.imsiHolders, ...imsiHolderValues(account, numbers))) as [
        readonly (Iccid | null)[],
      ];
      return numbers.map((_, i) => holders[i] ?? undefined);
    },
    profilesDue: async (now, count) => {
      const [returning, expiring] = await Promise.all([
        rows(facts.returning, now, count),
        rows(facts.expiring, now, count),
      ]);
      return [...iccidsIn(returning), ...iccidsIn(expiring)].slice(0, count);
    },
  };
}
