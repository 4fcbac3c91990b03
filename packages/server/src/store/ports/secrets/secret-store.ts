import type { MasterKey } from './master-key.ts';

/** Seals secrets that are in files. */
export interface FileSealing {
  /** Seals a secret with the newest data key; it can be opened at that place only. undefined: the database seals nothing yet. */
  sealForFile(place: string, secret: Uint8Array): Promise<Uint8Array | undefined>;
  /** Throws for a value that another database has sealed, or for another place, or that was changed. */
  openFromFile(place: string, sealed: Uint8Array): Promise<Uint8Array>;
}

/** The keys with which secrets are sealed. */
export interface SecretStore extends FileSealing {
  secretsStatus(): Promise<SecretsStatus>;
  /** Adds a data key, with which secrets are sealed from that time on (Unix milliseconds); resolves to its id. */
  addDataKey(beginsAt: number): Promise<number>;
  /** Wraps the data keys with another master key, all of them or none. */
  rewrapDataKeys(master: MasterKey): Promise<void>;
  /**
   * Seals the next secrets that are not sealed with the newest data key in force; a later call, also of another process, continues. `table`: the one that it
   * worked on; absent: everything is sealed.
   */
  sealSome(): Promise<{ readonly table?: string; readonly rows: number; readonly sealed: number }>;
  /** Refuses values that are not sealed, from now on and in every process, if everything is sealed. */
  refusePlain(): Promise<void>;
  /** At most `most` records of each table that have secrets which are not sealed. It reads every table. */
  plainRecords(most: number): Promise<readonly PlainRecord[]>;
  /** Seals the plain secrets of a record as they are. `taken`: another order has its MatchingID. */
  sealPlain(record: Pick<PlainRecord, 'table' | 'key'>): Promise<'sealed' | 'unknown' | 'taken'>;
}

/** A record that has secrets which are not sealed. */
export type PlainRecord = {
  readonly table: string;
  /** The values of its key. */
  readonly key: readonly (string | number)[];
  readonly columns: readonly string[];
  /** Absent: it belongs to the whole server. */
  readonly account?: string;
};

export type SecretsStatus = {
  /** Absent: nothing is sealed, because a database that nodes of an earlier release may use waits for `esim secrets seal`. */
  readonly masterKey?: string;
  /** Everything was sealed, so a value that is not sealed is refused. */
  readonly refusesPlain: boolean;
  readonly dataKeys: readonly {
    readonly id: number;
    readonly beginsAt: number;
    /** How many values were sealed with it. */
    readonly sealed: number;
  }[];
  /** Tables in which values that were stored before the newest data key are not all sealed with it. */
  readonly unfinished: readonly string[];
};
