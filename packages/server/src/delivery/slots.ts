import type { PendingTarget } from '../store/ports/outbox.ts';
import { canStartWorker, endPause, newTargetQueue, type TargetQueue } from './target-queue.ts';

export type SlotLimits = {
  /** Attempts of one account at the same time. */
  readonly perAccount: number;
  /** Of them, attempts to targets that failed or were slow last time. The others are left to the targets that answer. */
  readonly troubled: number;
  /** Attempts of all accounts at the same time. An account without any may exceed it: others cannot keep it waiting. */
  readonly total: number;
  readonly totalExceeded: number;
};

const usual: SlotLimits = { perAccount: 16, troubled: 4, total: 128, totalExceeded: 1024 };

/** A slot of a target: the right to make one attempt. */
export type Slot = PendingTarget & { readonly queue: TargetQueue };

/** Shares the attempts of one kind of delivery among the accounts, and those of an account among its targets: everybody in turn. */
export type Slots = {
  /** Sets which targets have pending deliveries. */
  offer(pending: readonly PendingTarget[], now: number): void;
  /** Takes the next slot, if there is one. It must be released. `now`: Unix milliseconds. */
  take(now: number): Slot | undefined;
  /** A delivery was found for this slot, so the target may have more. */
  foundWork(slot: Slot): void;
  release(slot: Slot): void;
  /** Ends the pauses of all targets. */
  endPauses(): void;
};

type Target = Slot & { mayHaveWork: boolean };
/** The first target of the list is the next in turn. */
type Account = { readonly name: string; readonly targets: Target[]; workers: number };

export function createSlots(limits: SlotLimits = usual): Slots {
  const accounts = new Map<string, Account>();
  let total = 0;
  const findTarget = ({ account, target }: PendingTarget) =>
    accounts.get(account)?.targets.find((one) => one.target === target);

  const takeFrom = (account: Account, now: number): Target | undefined => {
    const max = account.workers === 0 ? limits.totalExceeded : limits.total;
    if (account.workers >= limits.perAccount || total >= max) return undefined;
    const isTroubledFull = troubledWorkers(account) >= limits.troubled;
    const next = account.targets.findIndex(
      ({ queue, mayHaveWork }) =>
        mayHaveWork && canStartWorker(queue, now) && !(queue.troubles > 0 && isTroubledFull),
    );
    const [target] = next === -1 ? [] : account.targets.splice(next, 1);
    if (target !== undefined) account.targets.push(target);
    return target;
  };
  return {
    offer: (pending, now) => {
      forgetIdle(accounts, pending, now);
      for (const one of pending) {
        const account = accounts.get(one.account) ?? { name: one.account, targets: [], workers: 0 };
        accounts.set(one.account, account);
        const known = findTarget(one);
        if (known !== undefined) known.mayHaveWork = true;
        else account.targets.push({ ...one, queue: newTargetQueue(), mayHaveWork: true });
      }
    },
    take: (now) => {
      for (const account of accounts.values()) {
        const target = takeFrom(account, now);
        if (target === undefined) continue;
        accounts.delete(account.name); // a Map keeps the order of insertion: it is the last one in turn now
        accounts.set(account.name, account);
        target.mayHaveWork = false; // until the worker has looked
        target.queue.workers++;
        account.workers++;
        total++;
        return target;
      }
      return undefined;
    },
    foundWork: (slot) => {
      (slot as Target).mayHaveWork = true;
    },
    release: ({ account, queue }) => {
      const owner = accounts.get(account);
      if (owner !== undefined) owner.workers--;
      queue.workers--;
      total--;
    },
    endPauses: () => {
      for (const { targets } of accounts.values()) for (const { queue } of targets) endPause(queue);
    },
  };
}

function troubledWorkers({ targets }: Account): number {
  return targets.reduce((sum, { queue }) => sum + (queue.troubles > 0 ? queue.workers : 0), 0);
}

/** Forgets targets that have nothing pending, are not in use and not paused, and accounts without targets: memory is bounded. */
function forgetIdle(accounts: Map<string, Account>, pending: readonly PendingTarget[], now: number): void {
  const named = new Set(pending.map(({ account, target }) => `${account} ${target}`));
  for (const account of accounts.values()) {
    const kept = account.targets.filter(
      ({ target, queue }) =>
        queue.workers > 0 || !canStartWorker(queue, now) || named.has(`${account.name} ${target}`),
    );
    account.targets.splice(0, Infinity, ...kept);
    if (kept.length === 0) accounts.delete(account.name);
  }
}
