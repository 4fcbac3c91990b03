import { type Profile, statesOutOfUse } from '@esim-rsp/smdp/state/profile';
import { sql } from 'kysely';
import { type ImsiAndIccid, MOST_AT_ONCE } from '../ports/profiles.ts';
import type { Columns } from '../rows/column-types.ts';
import { profileColumnNames } from '../rows/profiles.ts';
import type { Builder, Queries } from './queries.ts';
import type { RowStatement } from './write-row.ts';

/** Whole profiles. */
export function profileQueries(kysely: Builder) {
  const profiles = () => kysely.selectFrom('profile').select(profileColumnNames);
  return {
    byIccid: () => profiles().where('iccid', '=', ''),
    /** By its hash, or as it was stored before it was sealed. */
    byMatchingId: () => profiles().where('matching_id', '=', 'x').where('matching_id', '<>', sql.lit('')),
    /** By its hash, or as it was stored before it was sealed. */
    byUpstreamMatchingId: () =>
      profiles()
        .where('account', '=', '')
        .where('upstream_matching_id_hash', '=', 'x')
        .orderBy('iccid')
        .limit(1),
    waitingFor: () =>
      profiles()
        .where('order_eid', '=', '')
        .where('matching_id', '=', sql.lit(''))
        .where('state', '=', 'RELEASED')
        .where('upstream', 'is', sql.lit(null))
        .orderBy('released_at')
        .orderBy('iccid')
        .limit(1),
    availableOfType: () =>
      profiles()
        .where('account', '=', '')
        .where('profile_type', '=', '')
        .where('state', '=', sql.lit('AVAILABLE'))
        .where('operation', 'is', sql.lit(null))
        .orderBy('changed_at')
        .orderBy('iccid')
        .limit(1),
    imsiHolders: () =>
      kysely.selectNoFrom((e) =>
        Array.from({ length: MOST_AT_ONCE }, (_, i) =>
          e
            .selectFrom(sameImsi(kysely).as('same'))
            .select('iccid')
            .where(inUse)
            .limit(sql.lit(1))
            .as(`holder${i}`),
        ),
      ),
    orderedBy: () => profiles().where('account', '=', '').where('download_order_call', '=', ''),
  } satisfies Queries;
}

/** Other profiles with an IMSI: the first hundred. */
function sameImsi(kysely: Builder) {
  return kysely
    .selectFrom('profile')
    .select(['iccid', 'state'])
    .where('account', '=', '')
    .where('imsi', '=', '')
    .where('iccid', '<>', '')
    .orderBy('iccid')
    .limit(sql.lit(100));
}

const inUse = sql<boolean>`state not in (${sql.join(statesOutOfUse.map((state) => sql.lit(state)))})`;

const outOfUse = statesOutOfUse.map((state) => `'${state}'`).join(', ');

/** The ICCIDs of other profiles than the third value that have the IMSI, the second one, in an account and are in use. */
export const imsiOfAnother = `select iccid from (select iccid, state from profile where account = ? and imsi = ? and iccid <> ? order by iccid limit 100) as same
  where state not in (${outOfUse})`;

/** A new profile, which continues from the version of a former one with its ICCID. Nothing is written if there is one with this ICCID. */
export function insertNewProfile(columns: Columns): RowStatement {
  const names = Object.keys(columns);
  const places = names.map((name) =>
    name === 'version' ? '? + coalesce((select version from former_profile where iccid = ?), 0)' : '?',
  );
  return {
    text: `insert into profile (${names.join(', ')}) values (${places.join(', ')}) on conflict (iccid) do nothing`,
    names: names.flatMap((name) => (name === 'version' ? ['version', 'iccid'] : name)),
  };
}

/** The values of `imsiHolders`. */
export function imsiHolderValues(account: string, numbers: readonly ImsiAndIccid[]): string[] {
  const pairs = Array.from({ length: MOST_AT_ONCE }, (_, i) => numbers[i] ?? { imsi: '', iccid: '' });
  return pairs.flatMap(({ imsi, iccid }) => [account, imsi, iccid]);
}

/** Those of several states, the oldest release first. */
export function firstReleases(profiles: readonly Profile[], most: number): readonly Profile[] {
  const releasedAt = (profile: Profile) => ('order' in profile ? (profile.order?.releasedAt ?? 0) : 0);
  return profiles
    .toSorted((one, other) => releasedAt(one) - releasedAt(other) || (one.iccid < other.iccid ? -1 : 1))
    .slice(0, most);
}

/** Those that were found in several forms, each once. */
export function firstByIccid(profiles: readonly Profile[], most: number): readonly Profile[] {
  const found = new Map(profiles.map((profile) => [profile.iccid, profile]));
  return [...found.values()].toSorted((one, other) => (one.iccid < other.iccid ? -1 : 1)).slice(0, most);
}

/** What is asked about profiles without reading them. */
export function profileFactQueries(kysely: Builder) {
  const iccids = () => kysely.selectFrom('profile').select('iccid');
  return {
    anyOfType: () => iccids().where('account', '=', '').where('profile_type', '=', '').limit(1),
    any: () => iccids().where('iccid', '=', ''),
    version: () => iccids().where('iccid', '=', '').where('version', '=', 0),
    use: () => kysely.selectFrom('profile_use').selectAll().where('iccid', '=', '').where('eid', '=', ''),
    formerCall: () =>
      kysely.selectFrom('former_call').select('call').where('account', '=', '').where('call', '=', ''),
    hasMatchingId: () =>
      iccids()
        .where('matching_id', '=', 'x')
        .where('matching_id', '<>', sql.lit(''))
        .where('iccid', '<>', 'x'),
    former: () => kysely.selectFrom('former_profile').select('version').where('iccid', '=', ''),
    returning: () =>
      iccids().where('returns_at', '<=', 0).where('operation', 'is', null).orderBy('returns_at').limit(1),
    expiring: () =>
      iccids()
        .where('order_expires_at', '<=', 0)
        .where('state', '=', sql.lit('RELEASED'))
        .where('reusable', 'is', null)
        .where('operation', 'is', null)
        .orderBy('order_expires_at')
        .limit(1),
    deleteUses: () => kysely.deleteFrom('profile_use').where('iccid', '=', ''),
  } satisfies Queries;
}
