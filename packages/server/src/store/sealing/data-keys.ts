import { createSecretKey, randomBytes } from 'node:crypto';
import type { MasterKey, MasterKeySource } from '../ports/secrets/master-key.ts';
import { StoreError } from '../ports/store-error.ts';
import { type DataKeyRow, refusesPlain, SECRET_CLASSES } from '../rows/secrets/data-keys.ts';
import { SecretValue } from '../rows/secrets/secret-columns.ts';
import { type DataKey, type KeyRing, keyRing } from './key-ring.ts';
import { keyIdOf } from './sealed-value.ts';

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
export type Sealing = Pick<KeyRing, 'seal' | 'open' | 'openHashed' | 'formsOf' | 'refusesPlain'> & {
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
  /** Refuses values that are not sealed, from now on and in every process: everything has been sealed. */
  refusePlain(table: DataKeyTable): Promise<void>;
  /** Seals a secret of a file; undefined: sealing has not started. */
  sealForFile(place: string, secret: Uint8Array): Uint8Array | undefined;
  /** Opens it. If its data key is not known yet, the data keys are read again. */
  openFromFile(table: DataKeyTable, place: string, sealed: Uint8Array): Promise<Uint8Array>;
};

/** What is sealed for a file cannot be opened as the value of a column. */
const filePlace = (place: string) => JSON.stringify(['file', place]);

export function createSealing(source: MasterKeySource): Sealing {
  const ring = keyRing();
  const learn = async (rows: readonly DataKeyRow[]) => {
    if (refusesPlain(rows)) ring.refusePlain();
    const unknown = rows.filter(({ id }) => !ring.has(id));
    if (unknown.length === 0) return;
    const master = await masterOf(source, unknown);
    for (const row of unknown) ring.add(await unwrap(master, row));
  };
  const addDataKey = async (table: DataKeyTable, beginsAt: number) => {
    const rows = await table.rows();
    const master = rows.length === 0 ? await firstMaster(source) : await masterOf(source, rows);
    const id = Math.max(0, ...rows.map((row) => row.id)) + 1;
    await table.add(
      await newRow(master, { id, begins_at: beginsAt, refuses_plain: rows.at(-1)?.refuses_plain ?? null }),
    );
    await learn(await table.rows());
    if (!ring.has(id)) throw new StoreError('the data keys have changed meanwhile: try again');
    return id;
  };
  const count = async (table: DataKeyTable) => {
    for (const [id, sealed] of ring.takeCounts()) await table.count(id, sealed);
  };
  /** Wraps all data keys, with the same master key or another one. */
  const wrapAll = async (table: DataKeyTable, next: MasterKey | undefined, classes: number | undefined) => {
    const before = await table.rows();
    const master = await masterOf(source, before);
    const after = before.map((row) => wrapAgain(row, master, next ?? master, classes ?? row.refuses_plain));
    if (!(await table.rewrap(before, await Promise.all(after))))
      throw new StoreError('the data keys have changed meanwhile: try again');
  };
  return {
    seal: ring.seal,
    open: ring.open,
    openHashed: ring.openHashed,
    formsOf: ring.formsOf,
    refusesPlain: ring.refusesPlain,
    current: () => ring.current()?.id,
    load: async (table) => {
      const rows = await table.rows();
      if (rows.length > 0) return learn(rows);
      if (!(await table.mayBegin())) return;
      await table.add(await newRow(await firstMaster(source), { id: 1, begins_at: 0, refuses_plain: null }));
      await learn(await table.rows()); // another process may have been first
    },
    refresh: async (table) => {
      await count(table);
      await learn(await table.rows());
    },
    count,
    addDataKey,
    rewrap: (table, next) => wrapAll(table, next, undefined),
    refusePlain: async (table) => {
      await wrapAll(table, undefined, SECRET_CLASSES);
      ring.refusePlain();
    },
    sealForFile: (place, secret) =>
      ring.current() === undefined
        ? undefined
        : (ring.seal(new SecretValue(filePlace(place), secret)) as Uint8Array),
    openFromFile: async (table, place, sealed) => {
      const id = keyIdOf(sealed);
      if (id === undefined) throw new Error('it is not a sealed value');
      if (!ring.has(id)) await learn(await table.rows());
      return ring.open(filePlace(place), sealed);
    },
  };
}

export const PROVIDE_MASTER_KEY =
  'put it there, or set ESIM_MASTER_KEY, ESIM_MASTER_KEY_FILE, ESIM_MASTER_KEY_COMMAND or ESIM_MASTER_KEY_URI';

async function firstMaster(source: MasterKeySource): Promise<MasterKey> {
  const master = (await source.read()) ?? (await source.create?.());
  if (master === undefined)
    throw new StoreError(`there is no master key in ${source.place}: ${PROVIDE_MASTER_KEY}`);
  return master;
}

/** The master key that these data keys are wrapped with. */
async function masterOf(source: MasterKeySource, rows: readonly DataKeyRow[]): Promise<MasterKey> {
  const ids = [...new Set(rows.map((row) => row.master_key))].join(', ');
  const master = await source.read(rows[0]?.master_key);
  if (master === undefined)
    throw new StoreError(
      `its secrets are sealed with the master key ${ids}, and there is none in ${source.place}: ${PROVIDE_MASTER_KEY}`,
    );
  if (rows.some((row) => row.master_key !== master.id))
    throw new StoreError(
      `its secrets are sealed with the master key ${ids}, but ${source.place} has the master key ${master.id}: ${PROVIDE_MASTER_KEY}`,
    );
  return master;
}

const DATA_KEY_BYTES = 32;

type KeyFacts = Pick<DataKeyRow, 'id' | 'refuses_plain'>;

/** The wrapped key is bound to this: who changes in the database whether plain values are refused makes it useless. */
function placeOf({ id, refuses_plain }: KeyFacts): string {
  return refuses_plain === null ? `data_key ${id}` : `data_key ${id}, plain values refused: ${refuses_plain}`;
}

async function newRow(
  master: MasterKey,
  facts: KeyFacts & Pick<DataKeyRow, 'begins_at'>,
): Promise<DataKeyRow> {
  const wrapped = await master.wrap(placeOf(facts), randomBytes(DATA_KEY_BYTES));
  return { ...facts, wrapped, master_key: master.id, sealed: 0 };
}

async function wrapAgain(
  row: DataKeyRow,
  from: MasterKey,
  to: MasterKey,
  refuses_plain: number | null,
): Promise<DataKeyRow> {
  const key = await from.unwrap(placeOf(row), row.wrapped);
  const next = { ...row, refuses_plain, master_key: to.id };
  return { ...next, wrapped: await to.wrap(placeOf(next), key) };
}

async function unwrap(master: MasterKey, row: DataKeyRow): Promise<DataKey> {
  const { id, wrapped, begins_at } = row;
  try {
    return { id, key: createSecretKey(await master.unwrap(placeOf(row), wrapped)), beginsAt: begins_at };
  } catch (error) {
    if (error instanceof StoreError) throw error; // the token cannot be used
    throw new StoreError(`its data key ${id} was changed: restore a backup`, { cause: error });
  }
}
