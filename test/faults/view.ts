import type { ProfileEvent } from '@esim-rsp/sdk';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { LogPage, LogPosition } from '#server/store/ports/log-page';
import { account } from '../harness/server.ts';
import type { State } from './ledger.ts';
import type { World } from './world.ts';

/** What is stored, as somebody sees it who looks after a fault. */
export type View = {
  readonly profiles: ReadonlyMap<string, Seen>;
  /** The events after those that are known already, the oldest first. */
  readonly events: readonly SeenEvent[];
};
export type Seen = { readonly state: State; readonly activationCode?: string };
export type SeenEvent = Pick<ProfileEvent, 'id' | 'type' | 'iccid' | 'from' | 'to'>;

const PAGE = 1000;

/** Through the REST API of the node. */
export async function viewOfServer({ server: { api } }: World, after: number): Promise<View> {
  const profiles = new Map<string, Seen>();
  for await (const { iccid, state, activation_code } of api.iterateEUICCProfiles({ count: PAGE }))
    profiles.set(iccid, { state, activationCode: activation_code });
  const events: ProfileEvent[] = [];
  for (let cursor = String(after), more = true; more; ) {
    const { data } = await api.listEvents({ cursor, count: PAGE });
    events.push(...data.events);
    ({ more, next_cursor: cursor } = data);
  }
  return { profiles, events };
}

/** Through a store that this process has opened. `iccids`: the profiles to look for. */
export async function viewOfStore(
  store: ServerStore,
  iccids: Iterable<string>,
  after: number,
): Promise<View> {
  const profiles = new Map<string, Seen>();
  for (const iccid of iccids) {
    const profile = await store.profile(parseIccid(iccid));
    if (profile !== undefined) profiles.set(iccid, { state: profile.state });
  }
  const events: SeenEvent[] = [];
  const filter = { account: account.ESIM_BOOTSTRAP_USER_ID, count: PAGE };
  for (let last: LogPosition | undefined = { id: after }; last !== undefined; ) {
    const page: LogPage<SeenEvent> = await store.events({ ...filter, after: last });
    events.push(...page.items);
    last = page.next;
  }
  return { profiles, events };
}
