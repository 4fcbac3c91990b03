import type { KeyObject } from 'node:crypto';
import { HashedValue, type Openers, type SecretValue } from '../rows/secrets/secret-columns.ts';
import { hashOf, isHash, lookupKeyFrom } from './hashed-value.ts';
import {
  isSealedText,
  keyIdOf,
  openBytes,
  openText,
  sealBytes,
  sealText,
  type ValueKey,
} from './sealed-value.ts';

export type DataKey = ValueKey & { readonly beginsAt: number };

/** The data keys in memory, and what they do. */
export type KeyRing = Openers & {
  has(id: number): boolean;
  add(key: DataKey): void;
  /** The key that values are sealed with; undefined: sealing has not started. */
  current(): DataKey | undefined;
  /** What is stored of a value: sealed, or its hash. While sealing has not started, it is the value. */
  seal(value: SecretValue | HashedValue): string | Uint8Array | null;
  /** What may be stored of a value that rows are found by, in the order in which to look: one that is sealed meanwhile is not missed. */
  formsOf(value: HashedValue): readonly string[];
  /** From now on, values that are not sealed are refused: everything was sealed. */
  refusePlain(): void;
  refusesPlain(): boolean;
  /** How many values were sealed with each key since the last call. */
  takeCounts(): ReadonlyMap<number, number>;
};

/** The lookup key follows from this data key, which stays. */
const FIRST = 1;

export function keyRing(): KeyRing {
  const known = new Map<number, DataKey>();
  let counts = new Map<number, number>();
  let newestFirst: readonly DataKey[] = [];
  let lookupKey: KeyObject | undefined;
  let refusesPlain = false;
  const current = () => {
    const now = Date.now();
    return newestFirst.find(({ beginsAt }) => beginsAt <= now);
  };
  const keyOf = (id: number): KeyObject => {
    const key = known.get(id)?.key;
    if (key === undefined)
      throw new Error(`it is sealed with the data key ${id}, which this process does not have`);
    return key;
  };
  const mayBePlain = <V>(value: V): V => {
    if (refusesPlain) throw new Error(PLAIN);
    return value;
  };
  const open = <V extends string | Uint8Array>(place: string, value: V): V => {
    if (typeof value === 'string')
      return isSealedText(value) ? (openText(keyOf, place, value) as V) : mayBePlain(value);
    return keyIdOf(value) === undefined ? mayBePlain(value) : (openBytes(keyOf, place, value) as V);
  };
  return {
    has: (id) => known.has(id),
    add: (key) => {
      known.set(key.id, key);
      newestFirst = [...known.values()].sort((a, b) => b.id - a.id);
      if (key.id === FIRST) lookupKey = lookupKeyFrom(key.key);
    },
    current,
    seal: (value) => {
      const key = current();
      if (value instanceof HashedValue)
        return key === undefined || lookupKey === undefined ? value.value : hashOf(lookupKey, value);
      if (key === undefined) return value.plain;
      counts.set(key.id, (counts.get(key.id) ?? 0) + 1);
      const { place, value: secret } = value;
      return typeof secret === 'string' ? sealText(key, place, secret) : sealBytes(key, place, secret);
    },
    open,
    openHashed: (place, stored, sealed) => {
      if (stored === '') return stored;
      if (!isHash(stored)) return mayBePlain(stored);
      if (typeof sealed !== 'string') throw new Error('its sealed value is missing');
      return open(place, sealed);
    },
    formsOf: (value) => {
      const hashes = lookupKey === undefined ? [] : [hashOf(lookupKey, value)];
      return refusesPlain ? hashes : [value.value, ...hashes];
    },
    refusePlain: () => {
      refusesPlain = true;
    },
    refusesPlain: () => refusesPlain,
    takeCounts: () => {
      const taken = counts;
      counts = new Map();
      return taken;
    },
  };
}

const PLAIN =
  "it has a secret that is not sealed, and this program sealed all of them: somebody else has written it; restore a backup, or see 'esim secrets plain'";
