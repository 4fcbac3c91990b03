import type { StoredEvent } from '../store/events/port.ts';
import type { NewDelivery } from '../store/outbox/port.ts';
import type { ServerStore } from '../store/port.ts';
import type { Channel, Subscriber } from './channel.ts';

const BATCH = 500;

/** Turns the events since the last time into deliveries, one per subscriber. */
export async function fanOut(
  store: ServerStore,
  channels: readonly Channel[],
  stopping: AbortSignal,
): Promise<void> {
  let after = await store.fannedOut();
  while (!stopping.aborted && (await store.lastEvent()) > after) {
    const events = await store.events({ after, count: BATCH });
    const upTo = events.at(-1)?.id ?? after;
    const deliveries = await deliveriesOf(events, channels);
    const done = await store.fanOut({ after, upTo, deliveries });
    after = done === 'done' ? upTo : await store.fannedOut();
    if (events.length === 0) return;
  }
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
