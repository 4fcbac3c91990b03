import type { EUICCProfileState } from '@esim-rsp/sdk';

/** The state of a profile as its callers know it; NONE: the server does not have it. */
export type State = EUICCProfileState | 'NONE';

/** A call whose answer got lost. The same call again has to succeed, because an operator would repeat it. */
export type Unanswered = { readonly becomes: State; readonly repeat: () => Promise<unknown> };

/** What callers know about one profile. One caller at a time changes it. */
export type Entry = {
  readonly iccid: string;
  /** One state after an acknowledged call; several after calls whose answers got lost. */
  may: ReadonlySet<State>;
  /** Acknowledged, as long as the order lasts. */
  activationCode?: string;
  /** The MatchingID of the order, as it was answered last. */
  matchingId?: string;
  unanswered?: Unanswered;
  /** The handset that has begun to download it, or has it. */
  phone?: number;
  /** The handset and its rival try the same code at the same time. */
  isContested?: boolean;
  /** What its card has done to it, from DOWNLOADED on: the server learns of it step by step, from the notifications. */
  onCard?: readonly State[];
  /** Several eUICCs may have it at the same time. */
  readonly reusable?: true;
  /** The state that its events have led to so far. */
  inHistory?: State;
};

/** All profiles that callers have created or tried to. */
export type Ledger = {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Acknowledged changes so far. */
  acknowledged(): number;
  add(iccid: string, more?: Pick<Entry, 'reusable'>): Entry;
  remove(entry: Entry): void;
  /** Takes an entry that fits, so that no other caller changes it meanwhile; `release` ends that. */
  take(fits: (entry: Entry) => boolean, pick: <T>(of: readonly T[]) => T): Entry | undefined;
  release(entry: Entry): void;
  /** Makes a call that leads to a state, and remembers what is known after its answer. `isRefused`: the server answered that nothing changed. */
  change<T>(entry: Entry, change: Change<T>): Promise<T>;
  /** Acknowledged without `change`. */
  acknowledge(entry: Entry, state: State): void;
};

type Observe = (iccid: string, may: Entry['may']) => void;

export type Change<T> = {
  readonly becomes: State;
  readonly call: () => Promise<T>;
  readonly isRefused: (error: unknown) => boolean;
};

/** `observe` gets what each profile may be, whenever that changes. */
export function createLedger(observe: Observe = () => undefined): Ledger {
  const entries = new Map<string, Entry>();
  const taken = new Set<Entry>();
  let acknowledged = 0;
  const acknowledge = (entry: Entry, state: State) => {
    acknowledged++;
    entry.may = new Set([state]);
  };
  return {
    entries,
    acknowledged: () => acknowledged,
    add: (iccid, more = {}) => {
      let may: Entry['may'] = new Set(['NONE']);
      const entry: Entry = {
        iccid,
        ...more,
        get may() {
          return may;
        },
        set may(next) {
          may = next;
          observe(iccid, next);
        },
      };
      entries.set(iccid, entry);
      taken.add(entry);
      return entry;
    },
    remove: ({ iccid }) => void entries.delete(iccid),
    take: (fits, pick) => {
      const free = [...entries.values()].filter((entry) => !taken.has(entry) && fits(entry));
      if (free.length === 0) return undefined;
      const entry = pick(free);
      taken.add(entry);
      return entry;
    },
    release: (entry) => void taken.delete(entry),
    change: async (entry, { becomes, call, isRefused }) => {
      const before = entry.may;
      entry.may = new Set([...before, becomes]);
      try {
        const answer = await call();
        acknowledge(entry, becomes);
        return answer;
      } catch (error) {
        if (isRefused(error)) entry.may = before;
        throw error;
      }
    },
    acknowledge,
  };
}

/** The state of an entry if there is no doubt about it. */
export function stateOf({ may }: Entry): State | undefined {
  return may.size === 1 ? [...may][0] : undefined;
}
