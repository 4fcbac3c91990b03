import type { Log } from '../log/log.ts';
import { currentScope, inScope } from '../log/scope.ts';
import type { EventStore, StoredEvent } from '../store/ports/events.ts';
import type { Delivery, OutboxStore, PendingTarget, Settlement } from '../store/ports/outbox.ts';
import { UnreadableRecordError } from '../store/ports/unreadable-rows.ts';
import type { TraceHeaders, Traces } from '../traces/traces.ts';
import type { Channel, Outcome } from './channel.ts';
import { watchClock } from './clock.ts';
import { fanOut } from './fan-out.ts';
import { settleAttempt } from './settle.ts';
import { createSlots, type Slot, type Slots } from './slots.ts';
import { recordFailure, recordSuccess, type TargetQueue } from './target-queue.ts';

/** How long a worker owns a delivery that it has claimed. Longer than one attempt takes. */
const LEASE_MS = 30_000;

export type DeliveryOptions = {
  readonly store: EventStore & OutboxStore;
  readonly channels: readonly Channel[];
  /** The name of this process among those that share the store. */
  readonly node: string;
  readonly log: Log;
  /** Absent: there are none. */
  readonly traces?: Traces | undefined;
  /** Called after each attempt. */
  readonly observe?: ((delivery: Delivery, settled: Settlement, seconds: number) => void) | undefined;
};

type DeliveryLoop = DeliveryOptions & {
  readonly stopping: AbortSignal;
  readonly slots: ReadonlyMap<Channel, Slots>;
  readonly workers: Set<Promise<void>>;
};

/**
 * Starts to send events to webhooks and operators, and mail to people. The path of an event:
 *
 * 1. `fanOut` (fan-out.ts) reads new events and stores one delivery per subscriber in the outbox.
 * 2. Each target has a queue (target-queue.ts). Each kind of delivery has slots of its own (slots.ts), which the accounts and their
 *    targets get in turn. `startWorkers` starts a worker for each slot.
 * 3. A worker claims one delivery, and its channel builds the message and sends it: webhooks/ and es2/ by HTTP (outbound/), mail/ by SMTP.
 * 4. `settleAttempt` (settle.ts) decides: delivered, skipped, again later, or failed for good. The outbox stores it.
 *
 * Every delivery is sent at least once. Deliveries of one target and ICCID are sent in order. The returned function stops
 * the loop: it interrupts the attempts in progress, and the next start repeats them.
 */
export function startDelivery(options: DeliveryOptions): () => Promise<void> {
  const stop = new AbortController();
  const loop = {
    ...options,
    stopping: stop.signal,
    slots: new Map(options.channels.map((channel) => [channel, createSlots(channel.slots)])),
    workers: new Set<Promise<void>>(),
  };
  const end = runLoop(loop);
  return async () => {
    stop.abort();
    await end;
    await Promise.all(loop.workers);
  };
}

async function runLoop(loop: DeliveryLoop): Promise<void> {
  const { store, channels, node, log, stopping } = loop;
  await store
    .releaseClaims(node)
    .catch((err) =>
      log.error(
        'the claims of deliveries could not be released: those deliveries wait for up to 30 seconds',
        { err },
      ),
    );
  const wasSetBack = watchClock();
  let isEarlier = false;
  const watch = store.watchEvents({ isShared: true });
  while (!stopping.aborted) {
    let more = false;
    isEarlier = wasSetBack() || isEarlier;
    try {
      more = await fanOut(store, channels);
      for (const [channel, slots] of loop.slots) {
        const pending = await store.pendingTargets(channel.kind);
        if (isEarlier) await forgetPauses(loop, channel, slots, pending);
        slots.offer(pending, Date.now());
        startWorkers(loop, channel, slots);
      }
      isEarlier = false;
    } catch (error) {
      log.error('the outbox could not be read: deliveries wait, and the server tries again', { err: error });
    }
    if (!more) await watch.next(stopping);
  }
}

/** The clock was set back: attempts that were planned before it would wait until it is as late again. */
async function forgetPauses(
  { store, log }: DeliveryLoop,
  { kind }: Channel,
  slots: Slots,
  pending: readonly PendingTarget[],
): Promise<void> {
  log.warn('the clock was set back: pending deliveries are tried now', { kind });
  slots.endPauses();
  const now = Date.now();
  await Promise.all(pending.map(({ target }) => store.retryDeliveriesNow({ kind, target }, now)));
}

/** Starts a worker for every free slot. */
function startWorkers(loop: DeliveryLoop, channel: Channel, slots: Slots): void {
  const { workers, stopping, log } = loop;
  while (!stopping.aborted) {
    const slot = slots.take(Date.now());
    if (slot === undefined) return;
    const worker = useSlot(loop, channel, slots, slot)
      .catch((error) =>
        log.error('the result of a delivery could not be stored: it may be sent again', {
          kind: channel.kind,
          target: targetInLog(channel, slot.target),
          err: error,
        }),
      )
      .finally(() => {
        slots.release(slot);
        workers.delete(worker);
        startWorkers(loop, channel, slots);
      });
    workers.add(worker);
  }
}

/** Sends one due delivery of the target. If there is one, there may be more: the next slots are taken at once. */
async function useSlot(loop: DeliveryLoop, channel: Channel, slots: Slots, slot: Slot): Promise<void> {
  const now = Date.now();
  const { kind } = channel;
  const claim = { kind, target: slot.target, node: loop.node, now, leaseUntil: now + LEASE_MS };
  const delivery = await loop.store.claimDelivery(claim);
  if (delivery === undefined) return;
  slots.foundWork(slot);
  startWorkers(loop, channel, slots);
  const { id, eventId, type, attempts: attempt } = delivery;
  const target = targetInLog(channel, delivery.target);
  await inScope({ kind, target, delivery_id: id, event_id: eventId, type, attempt }, async () => {
    const event = await eventOf(loop.store, delivery);
    await inScope({ transaction_id: event?.transactionId }, () =>
      attemptDelivery(loop, channel, { delivery, event }, slot.queue),
    );
  });
  slots.foundWork(slot); // the next delivery of the same ICCID has waited for this one
}

/** undefined: the name of the target is personal. */
function targetInLog({ isPersonal }: Channel, target: string): string | undefined {
  return isPersonal ? undefined : target;
}

/** undefined: the delivery is a test, or the event is not stored any more, or cannot be read. */
async function eventOf(store: EventStore, { eventId }: Delivery): Promise<StoredEvent | undefined> {
  if (eventId === undefined) return undefined;
  const { items } = await store.events({ after: { id: eventId - 1 }, count: 1 });
  return items.find(({ id }) => id === eventId);
}

type Message = { readonly delivery: Delivery; readonly event: StoredEvent | undefined };

async function attemptDelivery(
  loop: DeliveryLoop,
  channel: Channel,
  message: Message,
  queue: TargetQueue,
): Promise<void> {
  const { store, log, observe } = loop;
  const { delivery } = message;
  const started = performance.now();
  const outcome = await sendTraced(loop, channel, message);
  const duration = performance.now() - started;
  const now = Date.now();
  if (outcome === undefined) return store.settleDelivery(delivery, { state: 'pending', nextAttemptAt: now });
  const settlement = settleAttempt(delivery, outcome, now, Math.random());
  observe?.(delivery, settlement, duration / 1000);
  await store.settleDelivery(delivery, settlement);
  await channel.afterAttempt?.(delivery, outcome, now);
  const milliseconds = Math.round(duration);
  if (outcome.state === 'delivered' || outcome.state === 'skipped') {
    if (outcome.state === 'delivered' && recordSuccess(queue, now, duration))
      await store.retryDeliveriesNow(delivery, now);
    return log.debug(`the message was ${outcome.state}`, { milliseconds });
  }
  if (outcome.state === 'refused' && ((outcome.status ?? 500) >= 500 || outcome.status === 429))
    recordFailure(queue, now, outcome.retryAfter);
  const level = settlement.state === 'failed' ? 'warn' : 'info';
  const what = settlement.state === 'failed' ? 'the server gives up' : 'the server tries again';
  log[level](`the message was not delivered: ${outcome.error}; ${what}`, {
    status: outcome.status,
    milliseconds,
  });
}

/** Sends it, in a trace if there are any: that of the call that caused the event. */
function sendTraced(
  { traces, stopping }: DeliveryLoop,
  channel: Channel,
  { delivery, event }: Message,
): Promise<Outcome | undefined> {
  const send = (trace: TraceHeaders) =>
    sendUnlessStopping(() => channel.send(delivery, event, { signal: stopping, trace }), stopping);
  if (traces === undefined) return send({});
  const name = `deliver ${channel.kind} ${delivery.type}`;
  return traces.send({ name, cause: event?.traceparent }, async (trace, span) => {
    const outcome = await send(trace);
    const status = outcome !== undefined && 'status' in outcome ? outcome.status : undefined;
    span.note({ ...currentScope(), iccid: event?.iccid, status });
    if (outcome?.state === 'refused' || outcome?.state === 'rejected') span.fail();
    return outcome;
  });
}

/** undefined: the server stops and interrupted the attempt. */
async function sendUnlessStopping(
  send: () => Promise<Outcome>,
  stopping: AbortSignal,
): Promise<Outcome | undefined> {
  try {
    return await send();
  } catch (error) {
    if (stopping.aborted) return undefined;
    if (error instanceof UnreadableRecordError) return { state: 'skipped', error: error.message };
    throw error;
  }
}
