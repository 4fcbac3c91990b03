/**
 * The event loop works in rounds: it accepts one connection, reads what has arrived on all others, and then calls the immediates. Work that
 * is done while it reads makes the round long, and new connections wait for as many rounds as there are connections before them. So in a
 * round that is long already, requests and TLS handshakes wait in queues, and later rounds start a few of them.
 */
export type Rounds = { queue(limits: QueueLimits): RoundQueue };

export type QueueLimits = {
  /** What has waited longer than these milliseconds is late. */
  readonly waitMs: number;
  /** Of the queue, started in one round. */
  readonly most?: number;
};

/** A queue of its own: the queues get their turns one after the other. */
export type RoundQueue = {
  /** Calls `start` at once, or in a later round. What is late is to be refused: this gets half of the time at most. */
  enter(start: (isLate: boolean) => void): void;
};

type Clock = {
  /** Milliseconds, from any start. */
  readonly now: () => number;
  /** Calls back when what has arrived in this round was read. */
  readonly afterReading: (done: () => void) => void;
  readonly mustAcceptFirst: () => boolean;
};

/** The time for beginning work in a round. */
export const WORK_MS = 5;

type Waiting = { readonly start: (isLate: boolean) => void; readonly since: number };
type QueueState = Required<QueueLimits> & {
  readonly waiting: Waiting[];
  readonly late: Waiting[];
  started: number;
};

export function createRounds({
  now = () => performance.now(),
  afterReading = setImmediate,
  mustAcceptFirst = connectionsComeFirst,
}: Partial<Clock> = {}): Rounds {
  const queues: QueueState[] = [];
  let count = 0;
  let roundBeganAt: number | undefined;
  /** Milliseconds of work minus those of refusing. */
  let lead = 0;

  const beginRound = (): number => {
    if (roundBeganAt === undefined) {
      roundBeganAt = now();
      afterReading(endRound);
    }
    return roundBeganAt;
  };
  const endRound = () => {
    roundBeganAt = undefined;
    for (const queue of queues) queue.started = 0;
    if (count === 0) return;
    if (mustAcceptFirst()) beginRound();
    else workUntil(now() + WORK_MS);
  };
  /** What a request does is done in microtasks and next ticks for the most part: the callback of nextTick comes after these. */
  const workUntil = (end: number) => {
    const began = now();
    const next = takeNext(queues, began, lead >= 0);
    if (next === undefined) return void beginRoundIfNeeded();
    count--;
    next.start(next.isLate);
    queueMicrotask(() =>
      process.nextTick(() => {
        const took = now() - began;
        lead = Math.max(-WORK_MS, Math.min(WORK_MS, lead + (next.isLate ? -took : took)));
        if (began + took < end) workUntil(end);
        else beginRoundIfNeeded();
      }),
    );
  };
  const beginRoundIfNeeded = () => {
    if (count > 0) beginRound();
  };

  return {
    queue: ({ waitMs, most = Number.POSITIVE_INFINITY }) => {
      const queue: QueueState = { waitMs, most, waiting: [], late: [], started: 0 };
      queues.push(queue);
      return {
        enter: (start) => {
          const since = beginRound();
          if (count === 0 && queue.started < most && !mustAcceptFirst() && now() - since < WORK_MS) {
            queue.started++;
            start(false);
          } else {
            queue.waiting.push({ start, since });
            count++;
          }
        },
      };
    },
  };
}

/** The next of the queue whose turn it is: of what is in time, or of what is late. */
function takeNext(queues: QueueState[], now: number, lateFirst: boolean) {
  const open = queues.filter(
    ({ waiting, late, started, most }) => waiting.length + late.length > 0 && started < most,
  );
  for (const queue of open)
    while (queue.waiting[0] !== undefined && now - queue.waiting[0].since > queue.waitMs)
      queue.late.push(queue.waiting.shift() as Waiting);
  const ofKind = (isLate: boolean) => {
    const queue = open.find(({ waiting, late }) => (isLate ? late : waiting).length > 0);
    if (queue === undefined) return undefined;
    queues.push(...queues.splice(queues.indexOf(queue), 1)); // the last in turn now
    queue.started++;
    const { start } = (isLate ? queue.late : queue.waiting).shift() as Waiting;
    return { start, isLate };
  };
  return ofKind(lateFirst) ?? ofKind(!lateFirst);
}

/** Connections that may come before all work that waits; after them it has a round. */
const CONNECTIONS_FIRST = 100;
let acceptedInRow = 0;
let isAccepting = false;

/** A connection was accepted. There may be more, and each takes a round: so the rounds are kept short. */
export function connectionAccepted(): void {
  acceptedInRow++;
  isAccepting = acceptedInRow <= CONNECTIONS_FIRST;
  setImmediate(() => {
    if (!isAccepting) acceptedInRow = 0;
    isAccepting = false;
  });
}

/** Whether work that waits should wait for the next round, because this one has accepted a connection. */
export function connectionsComeFirst(): boolean {
  return isAccepting;
}
