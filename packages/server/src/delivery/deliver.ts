import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Delivery } from '../store/ports/outbox.ts';
import type { ServerStore } from '../store/store.ts';
import type { Channel, Outcome } from './channel.ts';
import { fanOut } from './fan-out.ts';
import { hasRoom, type Lane, newLane, noteAnswer, noteTrouble } from './lanes.ts';
import { settlementOf } from './settle.ts';

/** How often it is looked for what is to be told, whoever wrote it. */
const EVERY_MS = 250;
/** Longer than an attempt takes. */
const LEASE_MS = 30_000;
const MOST_AT_ONCE = 64;

export type Deliver = {
  readonly store: ServerStore;
  readonly channels: readonly Channel[];
  readonly log: Logger;
};

type Running = Deliver & {
  readonly stopping: AbortSignal;
  readonly lanes: Map<string, Lane>;
  readonly underWay: Set<Promise<void>>;
};

/**
 * Tells others what happens, from the outbox: at least once, in order per target and ICCID. The result stops it:
 * attempts under way are broken off and made again after the next start.
 */
export function deliver(parts: Deliver): () => Promise<void> {
  const stop = new AbortController();
  const running = { ...parts, stopping: stop.signal, lanes: new Map(), underWay: new Set<Promise<void>>() };
  const loop = lookAgain(running);
  return async () => {
    stop.abort();
    await loop;
    await Promise.all(running.underWay);
  };
}

async function lookAgain(running: Running): Promise<void> {
  const { store, channels, log, stopping } = running;
  await store.releaseDeliveries().catch((error) => log.error({ err: error }, 'the outbox could not be read'));
  while (!stopping.aborted) {
    let more = false;
    try {
      more = await fanOut(store, channels);
      for (const channel of channels)
        for (const target of await store.pendingTargets(channel.kind)) begin(running, channel, target);
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be read');
    }
    if (!more) await sleep(EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Begins work on a target where there is room for it. */
function begin(running: Running, channel: Channel, target: string): void {
  const { lanes, underWay, stopping, log } = running;
  const name = `${channel.kind} ${target}`;
  const lane = lanes.get(name) ?? newLane();
  lanes.set(name, lane);
  if (stopping.aborted || underWay.size >= MOST_AT_ONCE || !hasRoom(lane, Date.now())) return;
  lane.workers++;
  const work = workOn(running, channel, target, lane)
    .catch((error) => log.error({ err: error, target }, 'a delivery could not be settled'))
    .finally(() => {
      lane.workers--;
      underWay.delete(work);
    });
  underWay.add(work);
}

/** One delivery after the other, as long as some are due; where there are many, others join. */
async function workOn(running: Running, channel: Channel, target: string, lane: Lane): Promise<void> {
  const { store, stopping } = running;
  const { kind } = channel;
  for (let first = true; !stopping.aborted && Date.now() >= lane.pausedUntil; first = false) {
    const now = Date.now();
    const delivery = await store.claimDelivery({ kind, target, now, leaseUntil: now + LEASE_MS });
    if (delivery === undefined) return;
    if (first) begin(running, channel, target);
    await attempt(running, channel, delivery, lane);
  }
}

async function attempt(
  { store, stopping, log }: Running,
  channel: Channel,
  delivery: Delivery,
  lane: Lane,
): Promise<void> {
  const outcome = await outcomeOf(channel, delivery, stopping);
  const now = Date.now();
  if (outcome === undefined)
    return store.settleDelivery(delivery.id, { state: 'pending', nextAttemptAt: now });
  const settlement = settlementOf(delivery, outcome, now, Math.random());
  await store.settleDelivery(delivery.id, settlement);
  await channel.noted?.(delivery, outcome, now);
  const { kind, target, id, type, attempts } = delivery;
  const told = { kind, target, delivery: id, type, attempts };
  if (outcome.state !== 'refused') {
    if (outcome.state === 'delivered' && noteAnswer(lane)) await store.hurryDeliveries(delivery, now);
    return log.debug(told, `was ${outcome.state}`);
  }
  if ((outcome.status ?? 500) >= 500 || outcome.status === 429) noteTrouble(lane, now);
  const level = settlement.state === 'failed' ? 'warn' : 'info';
  log[level]({ ...told, status: outcome.status }, `was not delivered: ${outcome.error}`);
}

/** undefined: it was broken off because the server stops. */
async function outcomeOf(
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
