/**
 * The event loop works in rounds: it accepts one connection, reads what has arrived on all others, and then calls the immediates. Work that
 * is done while it reads makes the round long, and new connections wait for as many rounds as there are connections before them. So in a
 * round that is long already, requests and TLS handshakes wait in lanes, and later rounds begin a few of them.
 */
export type Rounds = { lane(limits: LaneLimits): Lane };

export type LaneLimits = {
  /** What has waited longer than these milliseconds is late. */
  readonly waitMs: number;
  /** Of the lane, begun in one round. */
  readonly most?: number;
};

/** A queue of its own: the lanes get their turns one after the other. */
export type Lane = {
  /** Calls `begin` at once, or in a later round. What is late is to be refused: this gets half of the time at most. */
  enter(begin: (isLate: boolean) => void): void;
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

type Waiting = { readonly begin: (isLate: boolean) => void; readonly since: number };
type LaneState = Required<LaneLimits> & {
  readonly waiting: Waiting[];
  readonly late: Waiting[];
  begun: number;
};

export function createRounds({
  now = () => performance.now(),
  afterReading = setImmediate,
  mustAcceptFirst = connectionsComeFirst,
}: Partial<Clock> = {}): Rounds {
  const lanes: LaneState[] = [];
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
    for (const lane of lanes) lane.begun = 0;
    if (count === 0) return;
    if (mustAcceptFirst()) beginRound();
    else workUntil(now() + WORK_MS);
  };
  /** What a request does is done in microtasks and next ticks for the most part: the callback of nextTick comes after these. */
  const workUntil = (end: number) => {
    const began = now();
    const next = takeNext(lanes, began, lead >= 0);
    if (next === undefined) return void beginRoundIfNeeded();
    count--;
    next.begin(next.isLate);
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
    lane: ({ waitMs, most = Number.POSITIVE_INFINITY }) => {
      const lane: LaneState = { waitMs, most, waiting: [], late: [], begun: 0 };
      lanes.push(lane);
      return {
        enter: (begin) => {
          const since = beginRound();
          if (count === 0 && lane.begun < most && !mustAcceptFirst() && now() - since < WORK_MS) {
            lane.begun++;
            begin(false);
          } else {
            lane.waiting.push({ begin, since });
            count++;
          }
        },
      };
    },
  };
}

/** The next of the lane whose turn it is: of what is in time, or of what is late. */
function takeNext(lanes: LaneState[], now: number, lateFirst: boolean) {
  const open = lanes.filter(
    ({ waiting, late, begun, most }) => waiting.length + late.length > 0 && begun < most,
  );
  for (const lane of open)
    while (lane.waiting[0] !== undefined && now - lane.waiting[0].since > lane.waitMs)
      lane.late.push(lane.waiting.shift() as Waiting);
  const ofKind = (isLate: boolean) => {
    const lane = open.find(({ waiting, late }) => (isLate ? late : waiting).length > 0);
    if (lane === undefined) return undefined;
    lanes.push(...lanes.splice(lanes.indexOf(lane), 1)); // the last in turn now
    lane.begun++;
    const { begin } = (isLate ? lane.late : lane.waiting).shift() as Waiting;
    return { begin, isLate };
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
