import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import { secondsOf } from '../../shapes/time.ts';
import type { InventoryFilter, InventoryStore } from '../../store/ports/inventory.ts';
import type { ProfileView } from '../../store/ports/profile-view.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { cursorTo, placeIn } from './list-cursor.ts';
import { viewResponse } from './profile-response.ts';
import { ListEUICCProfilesQuery, ListEUICCProfilesResponse } from './schemas-list.ts';

export const listEUICCProfiles = operation({
  operationId: 'listEUICCProfiles',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles',
  summary:
    "The account's eUICC profiles. With cursor, pages take the same time however many there are; with offset, they are counted",
  query: ListEUICCProfilesQuery,
  answers: {
    200: { description: 'A page of profiles', schema: ListEUICCProfilesResponse },
    400: { description: 'A parameter is not valid, or does not go with another' },
  },
  respond: async ({ store }: Services<InventoryStore>, { env, account, query }, reply) => {
    const { count, profiles, ...place } = isCounted(query)
      ? await counted(store, account, query)
      : await pageAt(store, account, query);
    const euicc_profiles = profiles.map((profile) => viewResponse(profile, env.smdpAddress));
    const page: ListEUICCProfilesResponse = { count, euicc_profiles, ...place };
    // A page is long: written in one go, and sent as bytes, it costs half
    return reply.type('application/json; charset=utf-8').send(Buffer.from(JSON.stringify(page)));
  },
});

type Query = ListEUICCProfilesQuery;
type Page = {
  readonly total?: number;
  readonly count: number;
  readonly offset?: number;
  readonly next_cursor?: string;
  readonly profiles: readonly ProfileView[];
};

/** Whether it is the list that tells its length. */
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
}: Query): boolean {
  const others = [cursor, eid, imsi, profile_type, changed_since, text, sort];
  const isPlain = others.every((one) => one === undefined) && !state.includes(',');
  if (isPlain || offset === undefined) return isPlain;
  const message = 'goes with one state only, and with no other filter: go on by cursor';
  throw new HttpProblem(400, 'validation_failed', `offset ${message}`, [{ field: 'offset', message }]);
}

async function counted(store: InventoryStore, account: string, query: Query): Promise<Page> {
  const { count = 100, offset = 0, state } = query;
  const inState = state === undefined ? {} : { state: state as ProfileState };
  const { total, profiles } = await store.listProfiles({ account, count, offset, ...inState });
  const last = profiles.at(-1);
  const more = last !== undefined && offset + profiles.length < total;
  const next_cursor = more && cursorTo(last, { order: 'iccid', descending: false });
  return { total, count, offset, ...(next_cursor && { next_cursor }), profiles };
}

async function pageAt(store: InventoryStore, account: string, query: Query): Promise<Page> {
  const { count = 100, cursor = '' } = query;
  const filter = { account, count, ...wishesIn(query) };
  const after = cursor === '' ? undefined : placeIn(cursor, filter);
  const { profiles, next } = await store.searchProfiles({ ...filter, ...(after && { after }) });
  return { count, ...(next && { next_cursor: cursorTo(next, filter) }), profiles };
}

function wishesIn({ state, eid, imsi, profile_type, changed_since, text, sort }: Query) {
  const ofIccid = text?.startsWith('8');
  const usual = changed_since !== undefined ? 'changedAt' : text !== undefined && !ofIccid ? 'imsi' : 'iccid';
  const order = sort === undefined ? usual : sort.endsWith('last_operation_date') ? 'changedAt' : 'iccid';
  return {
    order,
    descending: sort?.startsWith('-') ?? false,
    ...(state !== undefined && { states: [...new Set(state.split(','))] as ProfileState[] }),
    ...(eid !== undefined && { eid }),
    ...(imsi !== undefined && { imsi }),
    ...(profile_type !== undefined && { profileType: profile_type }),
    ...(changed_since !== undefined && { changedSince: secondsOf(changed_since) }),
    ...(text !== undefined && (ofIccid ? { iccidPrefix: text } : { imsiPrefix: text })),
  } satisfies Partial<InventoryFilter>;
}
