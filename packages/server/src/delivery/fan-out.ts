import type { StoredEvent } from '../store/ports/events.ts';
import type { NewDelivery } from '../store/ports/outbox.ts';
import type { ServerStore } from '../store/store.ts';
import type { Channel, Subscriber } from './channel.ts';

const BATCH = 500;

/**
 * Turns the next events into deliveries, one per subscriber; resolves to whether there may be more of them. Where nobody
 * subscribes they are passed over unread. Whoever subscribes later is not told of what had happened before.
 */
export async function fanOut(store: ServerStore, channels: readonly Channel[]): Promise<boolean> {
  const after = await store.fannedOut();
  const last = await store.lastEvent();
  if (last <= after) return false;
  const audiences = await audiencesOf(channels);
  if (audiences.every(({ byAccount }) => byAccount.size === 0)) {
    await store.fanOut({ after, upTo: last, deliveries: [] });
    return false;
  }
  const found = await store.events({ after, count: BATCH });
  const events = found.filter(({ id }) => id <= last); // those that came since may concern a subscriber who did too
  const upTo = events.at(-1)?.id ?? after;
  await store.fanOut({ after, upTo, deliveries: deliveriesOf(events, audiences) });
  return found.length === BATCH || events.length < found.length;
}

type Audience = {
  readonly kind: Channel['kind'];
  readonly byAccount: ReadonlyMap<string, readonly Subscriber[]>;
};

function audiencesOf(channels: readonly Channel[]): Promise<readonly Audience[]> {
  return Promise.all(
    channels.map(async ({ kind, subscribers }) => ({
      kind,
      byAccount: Map.groupBy(await subscribers(), ({ account }: Subscriber) => account),
    })),
  );
}

function deliveriesOf(
  events: readonly StoredEvent[],
  audiences: readonly Audience[],
): readonly NewDelivery[] {
  return events.flatMap((event) =>
    audiences.flatMap(({ kind, byAccount }) =>
      (byAccount.get(event.account) ?? [])
        .filter((subscriber) => subscriber.wants(event))
        .map(({ target, account }) => {
          const { id: eventId, type, iccid, at: createdAt } = event;
          return { kind, target, account, eventId, type, iccid, createdAt };
        }),
    ),
  );
}
