import type { Claim, Delivery, FanOut, NewDelivery, OutboxStore, Target } from '../ports/outbox.ts';

type Held = Delivery & { readonly leaseUntil: number };
type Outbox = { lastEvent: number; numbered: number; readonly held: Map<number, Held> };

/** An outbox that is forgotten when the process ends. `forget` removes all that was for a target. */
export function memoryOutbox(): { readonly outbox: OutboxStore; readonly forget: (target: Target) => void } {
  const all: Outbox = { lastEvent: 0, numbered: 0, held: new Map() };
  const outbox: OutboxStore = {
    fannedOut: async () => all.lastEvent,
    fanOut: async (step) => fanOut(all, step),
    addDelivery: async (delivery) => shown(add(all, delivery)),
    ...attempts(all),
    ...log(all),
  };
  const forget = (target: Target) => {
    for (const { id } of each(all, target)) all.held.delete(id);
  };
  return { outbox, forget };
}

function attempts(all: Outbox) {
  const pending = (target: Target) => each(all, target).filter(({ state }) => state === 'pending');
  const change = (one: Held, to: Partial<Held>) => void all.held.set(one.id, { ...one, ...to });
  return {
    pendingTargets: async (kind) => {
      const found = all.held.values().filter((one) => one.kind === kind && one.state === 'pending');
      return [...new Set(found.map(({ target }) => target))].sort();
    },
    claimDelivery: async (claim) => {
      const due = firstDue(pending(claim), claim);
      if (due === undefined) return undefined;
      const { now: lastAttemptAt, leaseUntil } = claim;
      change(due, { lastAttemptAt, leaseUntil, attempts: due.attempts + 1 });
      return shown(all.held.get(due.id) as Held);
    },
    releaseDeliveries: async () => {
      for (const one of all.held.values()) change(one, { leaseUntil: 0 });
    },
    settleDelivery: async (id, settlement) => {
      const one = all.held.get(id);
      if (one?.state !== 'pending') return;
      const { lastStatus: _status, lastError: _error, ...others } = one;
      all.held.set(id, { ...others, ...settlement, leaseUntil: 0 });
    },
    hurryDeliveries: async (target, now) => {
      for (const one of pending(target)) change(one, { nextAttemptAt: now });
    },
    skipDeliveries: async (target, reason) => {
      for (const one of pending(target)) change(one, { state: 'skipped', lastError: reason });
    },
  } satisfies Partial<OutboxStore>;
}

function log(all: Outbox) {
  return {
    deliveries: async ({ state, before = Number.POSITIVE_INFINITY, count, ...target }) =>
      each(all, target)
        .filter((one) => one.id < before && (state === undefined || one.state === state))
        .sort((a, b) => b.id - a.id)
        .slice(0, count)
        .map(shown),
    delivery: async (id) => {
      const one = all.held.get(id);
      return one && shown(one);
    },
    removeOldDeliveries: async (before, most) => {
      const old = all.held.values().filter((one) => one.state !== 'pending' && one.createdAt < before);
      const gone = [...old].sort((a, b) => a.createdAt - b.createdAt).slice(0, most);
      for (const { id } of gone) all.held.delete(id);
      return gone.length;
    },
  } satisfies Partial<OutboxStore>;
}

function each({ held }: Outbox, { kind, target }: Target): Held[] {
  return [...held.values()].filter((one) => one.kind === kind && one.target === target);
}

function shown({ leaseUntil: _, ...delivery }: Held): Delivery {
  return delivery;
}

function add(all: Outbox, delivery: NewDelivery): Held {
  const id = ++all.numbered;
  const { createdAt } = delivery;
  const held: Held = {
    ...delivery,
    id,
    state: 'pending',
    attempts: 0,
    nextAttemptAt: createdAt,
    leaseUntil: 0,
  };
  all.held.set(id, held);
  return held;
}

function fanOut(all: Outbox, { after, upTo, deliveries }: FanOut): 'done' | 'stale' {
  if (all.lastEvent !== after) return 'stale';
  all.lastEvent = upTo;
  for (const delivery of deliveries) add(all, delivery);
  return 'done';
}

function firstDue(pending: readonly Held[], { now }: Claim): Held | undefined {
  const isFirst = ({ iccid, id }: Held) => !pending.some((other) => other.iccid === iccid && other.id < id);
  return pending
    .filter((one) => one.nextAttemptAt <= now && one.leaseUntil <= now && isFirst(one))
    .sort((a, b) => a.nextAttemptAt - b.nextAttemptAt || a.id - b.id)[0];
}
