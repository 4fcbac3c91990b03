import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EventStore } from '../store/ports/events.ts';
import type { Delivery, OutboxStore } from '../store/ports/outbox.ts';
import type { Channel, Outcome } from './channel.ts';
import { fanOut } from './fan-out.ts';
import { settleAttempt } from './settle.ts';
import {
  canStartWorker,
  newTargetQueue,
  recordFailure,
  recordSuccess,
  type TargetQueue,
} from './target-queue.ts';

/** How often the loop looks for new events and due deliveries. */
const POLL_INTERVAL_MS = 250;
/** How long a worker owns a delivery that it has claimed. Longer than one attempt takes. */
const LEASE_MS = 30_000;
const MAX_TOTAL_WORKERS = 64;

export type DeliveryOptions = {
  readonly store: EventStore & OutboxStore;
  readonly channels: readonly Channel[];
  readonly log: Logger;
};

type DeliveryLoop = DeliveryOptions & {
  readonly stopping: AbortSignal;
  readonly queues: Map<string, TargetQueue>;
  readonly workers: Set<Promise<void>>;
};

/**
 * Starts to send events to webhooks and operators. The path of an event:
 *
 * 1. `fanOut` (fan-out.ts) reads new events and stores one delivery per subscriber in the outbox.
 * 2. Each target has a queue (target-queue.ts). `startWorker` starts workers for the targets that have due deliveries.
 * 3. A worker claims one delivery after the other, and its channel (webhooks/ or es2/) builds the message and sends it
 *    by HTTP (outbound/).
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
    queues: new Map<string, TargetQueue>(),
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
  const { store, channels, log, stopping } = loop;
  await store
    .releaseClaims()
    .catch((error) => log.error({ err: error }, 'the claims of deliveries could not be released'));
  while (!stopping.aborted) {
    let more = false;
    try {
      more = await fanOut(store, channels);
      for (const channel of channels)
        for (const target of await store.pendingTargets(channel.kind)) startWorker(loop, channel, target);
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be read');
    }
    if (!more) await sleep(POLL_INTERVAL_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Starts one more worker for a target, unless the target or the server has enough. */
function startWorker(loop: DeliveryLoop, channel: Channel, target: string): void {
  const { queues, workers, stopping, log } = loop;
  const name = `${channel.kind} ${target}`;
  const queue = queues.get(name) ?? newTargetQueue();
  queues.set(name, queue);
  if (stopping.aborted || workers.size >= MAX_TOTAL_WORKERS || !canStartWorker(queue, Date.now())) return;
  queue.workers++;
  const worker = processQueue(loop, channel, target, queue)
    .catch((error) => log.error({ err: error, target }, 'the result of a delivery could not be stored'))
    .finally(() => {
      queue.workers--;
      workers.delete(worker);
    });
  workers.add(worker);
}

/** Sends due deliveries one after the other. A worker that finds work starts the next worker, so that long queues get more. */
async function processQueue(
  loop: DeliveryLoop,
  channel: Channel,
  target: string,
  queue: TargetQueue,
): Promise<void> {
  const { store, stopping } = loop;
  const { kind } = channel;
  for (let first = true; !stopping.aborted && Date.now() >= queue.pausedUntil; first = false) {
    const now = Date.now();
    const delivery = await store.claimDelivery({ kind, target, now, leaseUntil: now + LEASE_MS });
    if (delivery === undefined) return;
    if (first) startWorker(loop, channel, target);
    await attemptDelivery(loop, channel, delivery, queue);
  }
}

async function attemptDelivery(
  { store, stopping, log }: DeliveryLoop,
  channel: Channel,
  delivery: Delivery,
  queue: TargetQueue,
): Promise<void> {
  const outcome = await sendUnlessStopping(channel, delivery, stopping);
  const now = Date.now();
  if (outcome === undefined)
    return store.settleDelivery(delivery.id, { state: 'pending', nextAttemptAt: now });
  const settlement = settleAttempt(delivery, outcome, now, Math.random());
  await store.settleDelivery(delivery.id, settlement);
  await channel.afterAttempt?.(delivery, outcome, now);
  const { kind, target, id, type, attempts } = delivery;
  const logFields = { kind, target, delivery: id, type, attempts };
  if (outcome.state !== 'refused') {
    if (outcome.state === 'delivered' && recordSuccess(queue)) await store.retryDeliveriesNow(delivery, now);
    return log.debug(logFields, `was ${outcome.state}`);
  }
  if ((outcome.status ?? 500) >= 500 || outcome.status === 429) recordFailure(queue, now);
  const level = settlement.state === 'failed' ? 'warn' : 'info';
  log[level]({ ...logFields, status: outcome.status }, `was not delivered: ${outcome.error}`);
}

/** undefined: the server stops and interrupted the attempt. */
async function sendUnlessStopping(
  channel: Channel,
  delivery: Delivery,
  stopping: AbortSignal,
): Promise<Outcome | undefined> {
  try {
    return await channel.send(delivery, stopping);
  } catch (error) {
    if (stopping.aborted) return undefined;
    throw error;
  }
}
