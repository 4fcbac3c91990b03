/**
 * The event loop works in rounds: it accepts one connection, reads what has arrived on all others, and then calls the immediates. Work that
 * is done while it reads makes the round long, and new connections wait for as many rounds as there are connections before them. So in a
 * round that is long already, requests and TLS handshakes wait in lanes, and later rounds begin a few of them.
 */
export type Rounds = {
  /** A queue of its own: the lanes get their turns one after the other. `most`: of its items, begun in one round. */
  lane(most?: number): Lane;
  /** A connection was accepted. There may be more: they come before work that waits. */
  accepted(): void;
};

export type Lane = {
  /** Calls `begin` at once, or in a later round, with the milliseconds that it has waited. */
  enter(begin: (waitedMs: number) => void): void;
};

type Clock = {
  /** Milliseconds, from any start. */
  readonly now: () => number;
  /** Calls back when what has arrived in this round was read. */
  readonly afterReading: (done: () => void) => void;
};

/** The time for beginning work in a round. */
export const WORK_MS = 5;
/** Work that waits gets its time at least this often, however many connections arrive. */
const ACCEPT_MS = 10;

type Waiting = { readonly begin: (waitedMs: number) => void; readonly since: number };
type LaneState = { readonly waiting: Waiting[]; readonly most: number; begun: number };

export function createRounds({
  now = () => performance.now(),
  afterReading = setImmediate,
}: Partial<Clock> = {}): Rounds {
  const lanes: LaneState[] = [];
  let count = 0;
  let roundBeganAt: number | undefined;
  let workedAt = 0;
  let hasAccepted = false;

  const beginRound = (): number => {
    if (roundBeganAt === undefined) {
      roundBeganAt = now();
      afterReading(endRound);
    }
    return roundBeganAt;
  };
  const endRound = () => {
    roundBeganAt = undefined;
    for (const lane of lanes) lane.begun = 0;
    const isAccepting = hasAccepted && now() - workedAt < ACCEPT_MS;
    hasAccepted = false;
    if (count === 0) return;
    if (isAccepting) beginRound();
    else workUntil(now() + WORK_MS);
  };
  /** What a request does is done in microtasks and next ticks for the most part: the callback of nextTick comes after these. */
  const workUntil = (end: number) => {
    const lane = lanes.find(({ waiting, begun, most }) => waiting.length > 0 && begun < most);
    const next = lane?.waiting.shift();
    if (lane !== undefined && next !== undefined) {
      lanes.push(...lanes.splice(lanes.indexOf(lane), 1)); // the last in turn now
      lane.begun++;
      count--;
      next.begin(now() - next.since);
      if (now() < end) return queueMicrotask(() => process.nextTick(workUntil, end));
    }
    workedAt = now();
    if (count > 0) beginRound();
  };

  return {
    lane: (most = Number.POSITIVE_INFINITY) => {
      const lane: LaneState = { waiting: [], most, begun: 0 };
      lanes.push(lane);
      return {
        enter: (begin) => {
          const since = beginRound();
          if (count === 0 && lane.begun < most && now() - since < WORK_MS) {
            lane.begun++;
            begin(0);
          } else {
            lane.waiting.push({ begin, since });
            count++;
          }
        },
      };
    },
    accepted: () => {
      hasAccepted = true;
    },
  };
}
