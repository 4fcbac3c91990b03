import type { Chance } from '../../../fuzz/chance.ts';

/** A process of the SM-DP+. When it has crashed, nothing that it was doing continues. */
export type Life = { hasEnded: boolean };

/**
 * Decides what happens next. Everything that takes time waits for its turn, and the turns come in the order that the seed chooses: the same seed
 * plays the same interleaving. Time is virtual.
 */
export type Scheduler = {
  readonly chance: Chance;
  /** Unix milliseconds. */
  now(): number;
  moveClock(milliseconds: number): void;
  /** Waits for a turn. Of a process that has crashed in between, it never comes. */
  turn(life?: Life): Promise<void>;
  /** Gives turns until nobody waits for one; `between` is called before each. */
  run(between: () => void): Promise<void>;
  /** Turns so far. */
  turns(): number;
};

const LONGEST_TURN_MS = 40;

export function createScheduler(chance: Chance, start: number): Scheduler {
  let now = start;
  let turns = 0;
  const waiting: { readonly life: Life | undefined; readonly resume: () => void }[] = [];
  return {
    chance,
    now: () => now,
    moveClock: (milliseconds) => {
      now += milliseconds;
    },
    turn: (life) => new Promise((resume) => waiting.push({ life, resume })),
    turns: () => turns,
    run: async (between) => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve)); // until all that can continue has continued
        if (waiting.length === 0) return;
        between();
        const [next] = waiting.splice(chance.number(waiting.length), 1);
        now += chance.number(LONGEST_TURN_MS);
        turns++;
        if (next?.life?.hasEnded !== true) next?.resume();
      }
    },
  };
}
