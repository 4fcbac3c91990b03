import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { MasterKey, MasterKeySource } from '../ports/secrets/master-key.ts';
import { StoreError } from '../ports/store-error.ts';
import type { DataKeyRow } from '../rows/secrets/data-keys.ts';
import type { OpenSecret, SecretValue } from '../rows/secrets/secret-columns.ts';
import { openBytes, openText, sealBytes, sealText, type ValueKey } from './sealed-value.ts';

/** What an engine does with the table of data keys. */
export type DataKeyTable = {
  rows(): Promise<readonly DataKeyRow[]>;
  /** Adds a data key, unless there is one with its id, or one that is wrapped with another master key. */
  add(row: DataKeyRow): Promise<void>;
  /** Adds to the number of values that were sealed with a key. */
  count(id: number, sealed: number): Promise<void>;
  /** Replaces the wrapped keys, all of them or none; false: they are not those that were read. */
  rewrap(before: readonly DataKeyRow[], after: readonly DataKeyRow[]): Promise<boolean>;
  /** Whether the first start may begin to seal. While nodes of the release before use the database, it may not: they could not read it. */
  mayBegin(): Promise<boolean>;
};

/** Seals and opens the secrets of a store with its data keys, which are in memory. */
export type Sealing = {
  /** Returns the value as it is while sealing has not started. */
  readonly seal: (secret: SecretValue) => string | Uint8Array;
  readonly open: OpenSecret;
  /** Reads the data keys; the first start creates the first one. Throws a StoreError for a master key that is missing or wrong. */
  load(table: DataKeyTable): Promise<void>;
  /** Reads data keys that others have added, and records how many values were sealed. */
  refresh(table: DataKeyTable): Promise<void>;
  /** Records how many values were sealed. */
  count(table: DataKeyTable): Promise<void>;
  /** The id of the data key in force; undefined: sealing has not started. */
  readonly current: () => number | undefined;
  /** Adds a data key, with which values are sealed from that time on (Unix milliseconds). */
  addDataKey(table: DataKeyTable, beginsAt: number): Promise<number>;
  /** Wraps the data keys with another master key. */
  rewrap(table: DataKeyTable, next: MasterKey): Promise<void>;
};

export function createSealing(source: MasterKeySource): Sealing {
  const ring = keyRing();
  const learn = async (rows: readonly DataKeyRow[]) => {
    const unknown = rows.filter(({ id }) => !ring.has(id));
    if (unknown.length === 0) return;
    const master = await masterOf(source, unknown);
    for (const row of unknown) ring.add(await unwrap(master, row));
  };
  const addDataKey = async (table: DataKeyTable, beginsAt: number) => {
    const rows = await table.rows();
    const master = rows.length === 0 ? await firstMaster(source) : await masterOf(source, rows);
    const id = Math.max(0, ...rows.map((row) => row.id)) + 1;
    await table.add(await newRow(master, id, beginsAt));
    await learn(await table.rows());
    if (!ring.has(id)) throw new StoreError('the data keys have changed meanwhile: try again');
    return id;
  };
  const count = async (table: DataKeyTable) => {
    for (const [id, sealed] of ring.takeCounts()) await table.count(id, sealed);
  };
  return {
    seal: ring.seal,
    open: ring.open,
    current: () => ring.current()?.id,
    load: async (table) => {
      const rows = await table.rows();
      if (rows.length > 0) return learn(rows);
      if (!(await table.mayBegin())) return;
      await table.add(await newRow(await firstMaster(source), 1, 0));
      await learn(await table.rows()); // another process may have been first
    },
    refresh: async (table) => {
      await count(table);
      await learn(await table.rows());
    },
    count,
    addDataKey,
    rewrap: async (table, next) => {
      const before = await table.rows();
      const master = await masterOf(source, before);
      const after = await Promise.all(before.map((row) => wrapAgain(row, master, next)));
      if (!(await table.rewrap(before, after)))
        throw new StoreError('the data keys have changed meanwhile: try again');
    },
  };
}

type DataKey = ValueKey & { readonly beginsAt: number };

/** The data keys in memory, and what they do. */
function keyRing() {
  const known = new Map<number, DataKey>();
  let counts = new Map<number, number>();
  let newestFirst: readonly DataKey[] = [];
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
  return {
    has: (id: number) => known.has(id),
    add: (key: DataKey) => {
      known.set(key.id, key);
      newestFirst = [...known.values()].sort((a, b) => b.id - a.id);
    },
    current,
    seal: ({ place, value }: SecretValue) => {
      const key = current();
      if (key === undefined) return value;
      counts.set(key.id, (counts.get(key.id) ?? 0) + 1);
      return typeof value === 'string' ? sealText(key, place, value) : sealBytes(key, place, value);
    },
    open: <V extends string | Uint8Array>(place: string, value: V): V =>
      (typeof value === 'string' ? openText(keyOf, place, value) : openBytes(keyOf, place, value)) as V,
    takeCounts: () => {
      const taken = counts;
      counts = new Map();
      return taken;
    },
  };
}

const HOW = 'put it there, or set ESIM_MASTER_KEY, ESIM_MASTER_KEY_FILE or ESIM_MASTER_KEY_COMMAND';

async function firstMaster(source: MasterKeySource): Promise<MasterKey> {
  const master = (await source.read()) ?? (await source.create?.());
  if (master === undefined) throw new StoreError(`there is no master key in ${source.place}: ${HOW}`);
  return master;
}

/** The master key that these data keys are wrapped with. */
async function masterOf(source: MasterKeySource, rows: readonly DataKeyRow[]): Promise<MasterKey> {
  const ids = [...new Set(rows.map((row) => row.master_key))].join(', ');
  const master = await source.read(rows[0]?.master_key);
  if (master === undefined)
    throw new StoreError(
      `its secrets are sealed with the master key ${ids}, and there is none in ${source.place}: ${HOW}`,
    );
  if (rows.some((row) => row.master_key !== master.id))
    throw new StoreError(
      `its secrets are sealed with the master key ${ids}, but ${source.place} has the master key ${master.id}: ${HOW}`,
    );
  return master;
}

const DATA_KEY_BYTES = 32;
const placeOf = (id: number) => `data_key ${id}`;

async function newRow(master: MasterKey, id: number, beginsAt: number): Promise<DataKeyRow> {
  const wrapped = await master.wrap(placeOf(id), randomBytes(DATA_KEY_BYTES));
  return { id, wrapped, master_key: master.id, begins_at: beginsAt, sealed: 0 };
}

async function wrapAgain(row: DataKeyRow, from: MasterKey, to: MasterKey): Promise<DataKeyRow> {
  const wrapped = await to.wrap(placeOf(row.id), await from.unwrap(placeOf(row.id), row.wrapped));
  return { ...row, wrapped, master_key: to.id };
}

async function unwrap(master: MasterKey, { id, wrapped, begins_at }: DataKeyRow): Promise<DataKey> {
  try {
    return { id, key: createSecretKey(await master.unwrap(placeOf(id), wrapped)), beginsAt: begins_at };
  } catch (error) {
    throw new StoreError(`its data key ${id} was changed: restore a backup`, { cause: error });
  }
}
