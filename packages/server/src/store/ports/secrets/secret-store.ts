import type { MasterKey } from './master-key.ts';

/** The keys with which secrets are sealed. */
export interface SecretStore {
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
}

export type SecretsStatus = {
  /** Absent: nothing is sealed, because a database that nodes of an earlier release may use waits for `esim secrets seal`. */
  readonly masterKey?: string;
  readonly dataKeys: readonly {
    readonly id: number;
    readonly beginsAt: number;
    /** How many values were sealed with it. */
    readonly sealed: number;
  }[];
  /** Tables in which values that were stored before the newest data key are not all sealed with it. */
  readonly unfinished: readonly string[];
};
