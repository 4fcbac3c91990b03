import type { EventStore, StoredEvent } from '../store/ports/events.ts';
import type { NewDelivery, OutboxStore } from '../store/ports/outbox.ts';
import type { Channel, Subscriber } from './channel.ts';

const BATCH = 500;

/**
 * Stores deliveries for the next events, one per subscriber. Resolves to true if more events may be waiting. If there is no
 * subscriber, it marks the events as done without reading them. Events from before a subscription are not sent.
 */
export async function fanOut(
  store: EventStore & OutboxStore,
  channels: readonly Channel[],
): Promise<boolean> {
  const after = await store.fanOutPosition();
  const last = await store.lastEventId();
  if (last <= after) return false;
  const channelSubscribers = await readSubscribers(channels);
  if (channelSubscribers.every(({ byAccount }) => byAccount.size === 0)) {
    await store.fanOut({ after, upTo: last, deliveries: [] });
    return false;
  }
  const { items: found, next } = await store.events({ after: { id: after }, count: BATCH });
  const events = found.filter(({ id }) => id <= last); // a later event may be for a subscriber that was added later too
  const upTo = events.at(-1)?.id ?? Math.min(next?.id ?? after, last); // none of those before `next` can be read
  await store.fanOut({ after, upTo, deliveries: await createDeliveries(events, channelSubscribers) });
  return next !== undefined || events.length < found.length;
}

type ChannelSubscribers = {
  readonly kind: Channel['kind'];
  readonly byAccount: ReadonlyMap<string, readonly Subscriber[]>;
};

function readSubscribers(channels: readonly Channel[]): Promise<readonly ChannelSubscribers[]> {
  return Promise.all(
    channels.map(async ({ kind, subscribers }) => ({
      kind,
      byAccount: Map.groupBy(await subscribers(), ({ account }: Subscriber) => account),
    })),
  );
}

async function createDeliveries(
  events: readonly StoredEvent[],
  audiences: readonly ChannelSubscribers[],
): Promise<readonly NewDelivery[]> {
  const deliveries: NewDelivery[] = [];
  const now = Date.now();
  for (const event of events) {
    const { id: eventId, iccid } = event;
    const createdAt = Math.min(event.at, now); // a clock that was set back since must not delay it
    for (const { kind, byAccount } of audiences)
      for (const subscriber of byAccount.get(event.account) ?? []) {
        const matches = subscriber.matches(event);
        if (!(typeof matches === 'boolean' ? matches : await matches)) continue;
        const { target, account, facts } = subscriber;
        const type = subscriber.typeOf?.(event) ?? event.type;
        deliveries.push({ kind, target, account, eventId, type, iccid, createdAt, ...(facts && { facts }) });
      }
  }
  return deliveries;
}
