import type { StoredEvent } from '../store/events/port.ts';
import type { NewDelivery } from '../store/outbox/port.ts';
import type { ServerStore } from '../store/port.ts';
import type { Channel, Subscriber } from './channel.ts';

const BATCH = 500;

/** Turns the next events into deliveries, one per subscriber; resolves to whether there may be more of them. */
export async function fanOut(store: ServerStore, channels: readonly Channel[]): Promise<boolean> {
  const after = await store.fannedOut();
  if ((await store.lastEvent()) <= after) return false;
  const events = await store.events({ after, count: BATCH });
  const upTo = events.at(-1)?.id ?? after;
  await store.fanOut({ after, upTo, deliveries: await deliveriesOf(events, channels) });
  return events.length === BATCH;
}

async function deliveriesOf(
  events: readonly StoredEvent[],
  channels: readonly Channel[],
): Promise<readonly NewDelivery[]> {
  const everybody = await Promise.all(
    channels.map(async ({ kind, subscribers }) => ({
      kind,
      byAccount: Map.groupBy(await subscribers(), ({ account }: Subscriber) => account),
    })),
  );
  return events.flatMap((event) =>
    everybody.flatMap(({ kind, byAccount }) =>
      (byAccount.get(event.account) ?? [])
        .filter((subscriber) => subscriber.wants(event))
        .map(({ target, account }) => {
          const { id: eventId, type, iccid, at: createdAt } = event;
          return { kind, target, account, eventId, type, iccid, createdAt };
        }),
    ),
  );
}
