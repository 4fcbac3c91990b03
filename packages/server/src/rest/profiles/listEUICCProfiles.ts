import { msisdnDigits } from '@esim-rsp/sgp22/value/msisdn';
import { type ProfileState, profileStates } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { takeTurn } from '../../limits/turns.ts';
import { about, Count, closed, inWords, literals, named } from '../../shapes/shape.ts';
import { secondsOf, Time } from '../../shapes/time.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { InventoryFilter, InventoryStore } from '../../store/ports/inventory.ts';
import type { ProfileView } from '../../store/ports/profile-view.ts';
import { SearchLimited } from '../frame/log-query.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { pendingOfEach } from '../gateway/pending-operation.ts';
import { cursorTo, placeIn } from './list-cursor.ts';
import { GetEUICCProfileResponse, hidesCodes, profileExample, viewResponse } from './profile.ts';

const oneState = `(?:${profileStates.join('|')})`;
const ProfileSort = named(
  'ProfileSort',
  literals(
    ['iccid', '-iccid', 'last_operation_date', '-last_operation_date'] as const,
    'The order of a list of Profiles; - for the reverse',
  ),
);

/** Profiles that are skipped have to be read. */
const HIGHEST_OFFSET = 10_000;

/** Generated clients take these by their places: a new one goes to the end. */
export const ListEUICCProfilesQuery = named(
  'ListEUICCProfilesQuery',
  Type.Object(
    {
      count: Type.Optional(Count),
      offset: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 100_000_000, // the operation itself refuses more than it reads, and names the cursor
          description: `How many Profiles to skip, ${HIGHEST_OFFSET} at most (use cursor to go further); only with one state or none, and no other filter`,
        }),
      ),
      state: Type.Optional(
        Type.String({
          pattern: `^${oneState}(?:,${oneState})*$`,
          ...inWords(`some of ${profileStates.join(', ')}, with commas and no spaces between them`),
          maxLength: 200,
          description: 'Only Profiles in this state, or in one of several, separated by commas',
        }),
      ),
      cursor: Type.Optional(
        Type.String({
          maxLength: 200,
          description:
            'next_cursor of the previous page, with the same filters and sort; empty for the first page. The answer has no total',
        }),
      ),
      eid: Type.Optional(
        Type.String({
          pattern: '^[0-9]{32}$',
          ...inWords('32 decimal digits'),
          description: 'Only Profiles that are linked to, bound to or installed on this eUICC',
        }),
      ),
      imsi: Type.Optional(
        Type.String({
          pattern: '^[0-9]{6,15}$',
          ...inWords('6 to 15 digits'),
          description: 'Only Profiles with this IMSI',
        }),
      ),
      profile_type: Type.Optional(
        Type.String({ minLength: 1, maxLength: 128, description: 'Only Profiles of this type' }),
      ),
      changed_since: Type.Optional(Time('Only Profiles whose state changed then or later')),
      text: Type.Optional(
        Type.String({
          pattern: '^[0-9]{1,20}$',
          ...inWords('1 to 20 digits'),
          description: 'Only Profiles whose ICCID (if the text starts with 8) or else IMSI starts with this',
        }),
      ),
      sort: Type.Optional(
        about(
          'The order; - for the reverse. Without it: iccid, last_operation_date with changed_since or changed_until, or the IMSI with the text of one',
          ProfileSort,
        ),
      ),
      msisdn: Type.Optional(
        Type.String({
          pattern: '^[ +]{0,2}\\(?[0-9][0-9 ()./-]{0,39}$', // a + arrives as a space from many clients
          ...inWords('a phone number'),
          description:
            'Only Profiles with this phone number. + or 00 in front, and spaces, do not matter; without them the number is searched for as it is',
        }),
      ),
      changed_until: Type.Optional(Time('Only Profiles whose state changed before this time')),
    },
    { ...closed, description: 'Which Profiles a page has' },
  ),
);
type ListEUICCProfilesQuery = Static<typeof ListEUICCProfilesQuery>;

const ListEUICCProfilesResponse = Type.Object(
  {
    total: Type.Optional(
      Type.Number({
        description: 'How many Profiles there are; only without cursor and with one state or no filter',
      }),
    ),
    count: Type.Number({ description: 'How many Profiles the page has at most' }),
    offset: Type.Optional(Type.Number({ description: 'Where there is a total' })),
    next_cursor: Type.Optional(
      Type.String({
        description:
          'The cursor of the next page; present as long as there may be more. Without it, this page is the last',
      }),
    ),
    euicc_profiles: Type.Array(GetEUICCProfileResponse, { description: 'The Profiles' }),
    search_limited: SearchLimited,
  },
  {
    $id: 'ListEUICCProfilesResponse',
    description: 'A page of Profiles',
    examples: [{ total: 1, count: 100, offset: 0, euicc_profiles: [profileExample] }],
  },
);
type ListEUICCProfilesResponse = Static<typeof ListEUICCProfilesResponse>;

export const listEUICCProfiles = operation({
  operationId: 'listEUICCProfiles',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles',
  summary:
    "List the account's eUICC profiles: by cursor, which takes the same time for every page, or by offset, with a total",
  query: ListEUICCProfilesQuery,
  isLong: true,
  permissions: ['read'],
  answers: {
    200: { description: 'A page of profiles', schema: ListEUICCProfilesResponse },
    400: { description: 'A parameter is not valid, or does not go with another' },
  },
  respond: async (
    { store }: Services<InventoryStore & Pick<OperationStore, 'operation'>>,
    { env, account, permissions, session, query },
    reply,
  ) => {
    const seen = { account, withoutCodes: hidesCodes({ permissions, session }) };
    const { count, profiles, ...place } = isCounted(query)
      ? await counted(store, seen, query)
      : await pageAt(store, seen, query);
    await takeTurn();
    const pending = await pendingOfEach(store, profiles);
    const euicc_profiles = profiles.map((profile) =>
      viewResponse(profile, { env, permissions, session }, pending.get(profile.iccid)),
    );
    const page: ListEUICCProfilesResponse = { count, euicc_profiles, ...place };
    // A page is long: written in one go, and sent as bytes, it costs half
    return reply.type('application/json; charset=utf-8').send(Buffer.from(JSON.stringify(page)));
  },
});

type Query = ListEUICCProfilesQuery;
/** Whose profiles a caller sees, and what of them. */
type Seen = Pick<InventoryFilter, 'account' | 'withoutCodes'>;
type Page = {
  readonly total?: number;
  readonly count: number;
  readonly offset?: number;
  readonly next_cursor?: string;
  readonly search_limited?: true;
  readonly profiles: readonly ProfileView[];
};

/** Whether the answer has a total. */
function isCounted({
  offset,
  cursor,
  eid,
  imsi,
  profile_type,
  changed_since,
  text,
  sort,
  state = '',
  msisdn,
  changed_until,
}: Query): boolean {
  const others = [cursor, eid, imsi, profile_type, changed_since, text, sort, msisdn, changed_until];
  if (offset !== undefined && offset > HIGHEST_OFFSET)
    throw refuseOffset(`must be at most ${HIGHEST_OFFSET}: to go further, use cursor`);
  const isPlain = others.every((one) => one === undefined) && !state.includes(',');
  if (isPlain || offset === undefined) return isPlain;
  throw refuseOffset('works with one state only, and with no other filter: use cursor');
}

function refuseOffset(message: string): HttpProblem {
  return new HttpProblem(400, 'validation_failed', `offset ${message}`, [{ field: 'offset', message }]);
}

async function counted(store: InventoryStore, seen: Seen, query: Query): Promise<Page> {
  const { count = 100, offset = 0, state } = query;
  const inState = state === undefined ? {} : { state: state as ProfileState };
  const { total, profiles, next } = await store.listProfiles({ ...seen, count, offset, ...inState });
  const last = next ?? profiles.at(-1);
  const more = last !== undefined && offset + profiles.length < total;
  const next_cursor = more && cursorTo(last, { order: 'iccid', descending: false });
  return { total, count, offset, ...(next_cursor && { next_cursor }), profiles };
}

async function pageAt(store: InventoryStore, seen: Seen, query: Query): Promise<Page> {
  const { count = 100, cursor = '' } = query;
  const filter = { ...seen, count, ...filterIn(query) };
  const after = cursor === '' ? undefined : placeIn(cursor, filter);
  const page = await store.searchProfiles({ ...filter, ...(after && { after }) });
  return {
    count,
    ...(page.next && { next_cursor: cursorTo(page.next, filter) }),
    ...(page.isSearchLimited && { search_limited: true }),
    profiles: page.profiles,
  };
}

/** What a query asks the store for. */
export function filterIn({ state, eid, imsi, profile_type, text, sort, msisdn, ...times }: Query) {
  const { changed_since, changed_until } = times;
  const ofIccid = text?.startsWith('8');
  const isTimed = changed_since !== undefined || changed_until !== undefined;
  const usual = isTimed ? 'changedAt' : text !== undefined && !ofIccid ? 'imsi' : 'iccid';
  const order = sort === undefined ? usual : sort.endsWith('last_operation_date') ? 'changedAt' : 'iccid';
  return {
    order,
    descending: sort?.startsWith('-') ?? false,
    ...(state !== undefined && { states: [...new Set(state.split(','))] as ProfileState[] }),
    ...(eid !== undefined && { eid }),
    ...(imsi !== undefined && { imsi }),
    ...(msisdn !== undefined && { msisdnDigits: msisdnDigits(msisdn) }),
    ...(profile_type !== undefined && { profileType: profile_type }),
    ...(changed_since !== undefined && { changedSince: secondsOf(changed_since) }),
    ...(changed_until !== undefined && { changedUntil: secondsOf(changed_until) }),
    ...(text !== undefined && (ofIccid ? { iccidPrefix: text } : { imsiPrefix: text })),
  } satisfies Partial<InventoryFilter>;
}
