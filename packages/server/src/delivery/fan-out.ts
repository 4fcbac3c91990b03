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
  await store.fanOut({ after, upTo, deliveries: createDeliveries(events, channelSubscribers) });
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

function createDeliveries(
  events: readonly StoredEvent[],
  audiences: readonly ChannelSubscribers[],
): readonly NewDelivery[] {
  return events.flatMap((event) =>
    audiences.flatMap(({ kind, byAccount }) =>
      (byAccount.get(event.account) ?? [])
        .filter((subscriber) => subscriber.matches(event))
        .map(({ target, account }) => {
          const { id: eventId, type, iccid, at: createdAt } = event;
          return { kind, target, account, eventId, type, iccid, createdAt };
        }),
    ),
  );
}
