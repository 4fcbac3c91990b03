import { randomUUID } from 'node:crypto';
import type { EventStore, EventWatch } from '../../ports/events.ts';

/** How often readers look for events of other processes: while notifications come, in case one was lost, and while none come. */
const [SELDOM_MS, OFTEN_MS] = [1000, 250];
/** The least time between two looks: events that are close together are read together. Those who write what they find look less often. */
const [PAUSE_MS, SHARED_PAUSE_MS] = [25, 50];
/** Of several processes that could do the same, each begins at another moment, so that one finds nothing left to do. */
const [SPREAD_FROM_MS, SPREAD_TO_MS] = [3, 15];

type Source = 'this process' | 'another';

/** What this process knows about new events, without reading them. */
export type News = {
  /** The name of this process in notifications. */
  readonly name: string;
  /** There are events. */
  report(source: Source): void;
  /** Whether notifications of other processes come. */
  setListening(isListening: boolean): void;
  isListening(): boolean;
  readonly watch: EventStore['watchEvents'];
};

export function createNews(): News {
  const waiting = new Set<(source: Source) => void>();
  let [reports, listening] = [0, false];
  const wake = (source: Source) => {
    for (const each of waiting) each(source);
  };

  const watch = ({ isShared = false } = {}): EventWatch => {
    const pause = isShared ? SHARED_PAUSE_MS : PAUSE_MS;
    let [seen, lookedAt] = [reports, Number.NEGATIVE_INFINITY];
    const dueAfter = (source: Source) => {
      const spread = isShared && source === 'another' ? randomBetween(SPREAD_FROM_MS, SPREAD_TO_MS) : 0;
      return Math.max(performance.now() + spread, lookedAt + pause);
    };
    return {
      next: async (ended) => {
        const rhythm = performance.now() + (listening ? SELDOM_MS : OFTEN_MS);
        const first = reports === seen ? rhythm : Math.min(rhythm, dueAfter('this process'));
        await wokenAt(first, waiting, dueAfter, ended);
        [seen, lookedAt] = [reports, performance.now()];
      },
    };
  };

  return {
    name: randomUUID(),
    report: (source) => {
      reports++;
      wake(source);
    },
    setListening: (isListening) => {
      if (listening === isListening) return;
      listening = isListening;
      wake('this process'); // something may have been missed
    },
    isListening: () => listening,
    watch,
  };
}

/** Resolves at a time, or at an earlier one for which it is woken, or when `ended` is aborted. */
function wokenAt<S>(
  first: number,
  waiting: Set<(source: S) => void>,
  dueAfter: (source: S) => number,
  ended: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let due = Number.POSITIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(timer);
      waiting.delete(wakeUp);
      ended.removeEventListener('abort', finish);
      resolve();
    };
    const plan = (at: number) => {
      if (at >= due) return;
      due = at;
      clearTimeout(timer);
      timer = setTimeout(finish, Math.max(0, due - performance.now()));
    };
    const wakeUp = (source: S) => plan(dueAfter(source));
    if (ended.aborted) return resolve();
    waiting.add(wakeUp);
    ended.addEventListener('abort', finish);
    plan(first);
  });
}

function randomBetween(from: number, to: number): number {
  return from + Math.random() * (to - from);
}
