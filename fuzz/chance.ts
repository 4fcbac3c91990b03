/** A source of random numbers: the same seed makes the same choices. */
export type Chance = {
  /** A number from 0 to `below` - 1. */
  readonly number: (below: number) => number;
  readonly pick: <T>(of: readonly T[]) => T;
  readonly octets: (length: number) => Uint8Array;
};

/** Mulberry32: small, and good enough to choose mutations. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return {
    number,
    pick: <T>(of: readonly T[]): T => of[number(of.length)] as T,
    octets: (length) => Uint8Array.from({ length }, () => number(256)),
  };
}
