import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { StoredEvent } from '../../store/ports/events.ts';
import {
  type CoreKind,
  type CoreNetwork,
  type CoreNetworkStore,
  type CoreSubscriber,
  coreTarget,
} from '../../store/ports/gateway/core-networks.ts';
import type { AlertStore } from '../../store/ports/mail/alerts.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import type { ContentStore, ProfileStore } from '../../store/ports/profiles.ts';
import { type Channel, isSince, type Outcome, type Subscriber } from '../channel.ts';
import { CoreError } from './core-error.ts';
import { CORE_TIMEOUT_MS, type CoreAccess, type CoreCall } from './core-kind.ts';
import { createTurns } from './in-turn.ts';
import { coreClients } from './kinds.ts';
import { actionOf, isInCore } from './membership.ts';
import { recordFailing } from './record-failing.ts';
import { type Subscription, subscriptionOf } from './subscription.ts';
import { hasTls } from './url.ts';

/** The records that it reads and writes. */
export type CoreChannelStore = CoreNetworkStore &
  Pick<ProfileStore, 'profile'> &
  ContentStore &
  Pick<AlertStore, 'mailRecipients'>;

export type CoreOptions = CoreAccess & {
  /** Whether alerts are sent by mail. */
  readonly sendsMail: boolean;
  /** Counts the attempts of each kind. */
  readonly observe?: ((kind: CoreKind, outcome: Outcome['state']) => void) | undefined;
};

/** The URL was set when the server allowed more than now. */
const NO_TLS =
  'its URL has no TLS, so keys would travel in the clear: set another one, or ESIM_CORE_ALLOW_PRIVATE=1 on the server';

const skipped = (error: string): Outcome => ({ state: 'skipped', error });

/**
 * Sends subscriptions to core networks. A delivery says only that something about a profile has changed: what is sent is the subscription as
 * it is at that moment, read from the stored profile. So a delivery that waited, or is repeated, never brings back what is over.
 */
export function coreChannel(store: CoreChannelStore, options: CoreOptions): Channel {
  const inTurn = createTurns();
  return {
    kind: 'core',
    subscribers: async () => (await store.coreNetworks()).map((core) => toSubscriber(store, core)),
    send: async (delivery, _event, attempt) => {
      const core = await coreOf(store, delivery);
      if (core === undefined) return skipped('the core network was deleted');
      const { allowPrivate, lookUp, files } = options;
      if (!allowPrivate && core.url !== '' && !hasTls(core.url)) return { state: 'refused', error: NO_TLS };
      const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(CORE_TIMEOUT_MS)]);
      const call = { core, allowPrivate, lookUp, files, signal, messageId: `core_${delivery.id}` };
      const send = delivery.type === 'remove' ? remove : add;
      return send({ store, inTurn, call }, parseIccid(delivery.iccid)).catch((error) => {
        attempt.signal.throwIfAborted();
        return refusalOf(error);
      });
    },
    afterAttempt: async (delivery, outcome, now) => {
      const core = await coreOf(store, delivery);
      if (core === undefined) return;
      options.observe?.(core.kind, outcome.state);
      await recordFailing(store, { core, outcome, sendsMail: options.sendsMail }, now);
    },
  };
}

function coreOf(store: CoreNetworkStore, { account, target }: Delivery): Promise<CoreNetwork | undefined> {
  return store.coreNetwork(account, target.slice(account.length + 1));
}

function toSubscriber(store: Pick<ProfileStore, 'profile'>, core: CoreNetwork): Subscriber {
  const { account, after, createdAt, settings } = core;
  const action = (event: StoredEvent) => actionOf(event, settings.when);
  return {
    target: coreTarget(core),
    account,
    matches: async (event) => {
      if (!isSince(event, { after, from: createdAt }) || action(event) === undefined) return false;
      if (settings.profileTypes.length === 0 || event.type === 'profile.purged') return true;
      return hasType(core, await store.profile(event.iccid).catch(() => undefined));
    },
    typeOf: (event) => action(event) ?? event.type,
  };
}

/** A profile that is gone, or cannot be read, may have had the type. */
function hasType({ settings: { profileTypes } }: CoreNetwork, profile: Profile | undefined): boolean {
  if (profileTypes.length === 0 || profile === undefined) return true;
  return profile.profileType !== undefined && profileTypes.includes(profile.profileType);
}

type Sender = {
  readonly store: CoreChannelStore;
  readonly inTurn: ReturnType<typeof createTurns>;
  readonly call: CoreCall;
};

/** The profile, if its subscription is to be in the core network now. */
async function wantedProfile({ store, call: { core } }: Sender, iccid: Iccid): Promise<Profile | undefined> {
  const profile = await store.profile(iccid);
  const isWanted =
    profile?.account === core.account &&
    isInCore(profile.state, core.settings.when) &&
    hasType(core, profile);
  return isWanted ? profile : undefined;
}

async function add(sender: Sender, iccid: Iccid): Promise<Outcome> {
  const { store, inTurn, call } = sender;
  const { core } = call;
  const { account, name: coreNetwork, kind } = core;
  const profile = await wantedProfile(sender, iccid);
  if (profile === undefined) return skipped('the profile is not in use, or of another type');
  if (profile.upstream !== undefined) return skipped(`the upstream ${profile.upstream} has its keys`);
  const subscription = await readSubscription(store, profile);
  if (subscription === undefined) return skipped('its package has no keys that can be read');
  const reason = coreClients[kind].cannotTake?.(subscription, core);
  if (reason !== undefined) return skipped(reason);
  await removeOthers(sender, iccid, subscription.imsi);
  const { imsi } = subscription;
  return inTurn(`${coreTarget(core)} ${imsi}`, async () => {
    await store.putCoreSubscriber({ account, coreNetwork, imsi, iccid, sentAt: Date.now() });
    await coreClients[kind].put(call, subscription);
    return { state: 'delivered' };
  });
}

async function readSubscription(store: ContentStore, profile: Profile): Promise<Subscription | undefined> {
  const content = await store.content(profile.iccid);
  return content && subscriptionOf(profile, content);
}

async function remove(sender: Sender, iccid: Iccid): Promise<Outcome> {
  const wanted = await wantedProfile(sender, iccid);
  const removed = await removeOthers(sender, iccid, wanted?.imsi);
  if (removed > 0 && sender.call.core.settings.remove) return { state: 'delivered' };
  if (wanted !== undefined) return skipped('the profile is in use again');
  return skipped(
    removed > 0 ? 'the settings say that it stays there' : 'it was never sent, or belongs to another profile',
  );
}

/** Removes what was sent for this profile, but for one IMSI; resolves to the number of subscribers that it forgets. */
async function removeOthers(sender: Sender, iccid: Iccid, kept: string | undefined): Promise<number> {
  const { store, call } = sender;
  const { account, name } = call.core;
  const found = (await store.coreSubscribers(account, name, iccid)).filter(({ imsi }) => imsi !== kept);
  for (const one of found) await removeOne(sender, one);
  return found.length;
}

/** An IMSI that was sent for another profile meanwhile stays. */
function removeOne({ store, inTurn, call }: Sender, { imsi, iccid, ...of }: CoreSubscriber): Promise<void> {
  const { core } = call;
  return inTurn(`${coreTarget(core)} ${imsi}`, async () => {
    const present = await store.coreSubscribers(of.account, of.coreNetwork, iccid);
    if (!present.some((one) => one.imsi === imsi)) return;
    if (core.settings.remove) await coreClients[core.kind].remove(call, imsi);
    await store.deleteCoreSubscriber({ ...of, imsi, iccid });
  });
}

function refusalOf(error: unknown): Outcome {
  if (!(error instanceof CoreError)) throw error;
  const { message, status, retryAfter } = error;
  return {
    state: 'refused',
    error: message,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
