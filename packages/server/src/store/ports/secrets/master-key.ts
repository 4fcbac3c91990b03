/** What wraps the data keys, with which secrets are sealed. A token (PKCS#11) can implement it without giving its key away. */
export type MasterKey = {
  /** Follows from the key and says nothing about it: a wrong key has another id. */
  readonly id: string;
  wrap(place: string, dataKey: Uint8Array): Promise<Uint8Array>;
  unwrap(place: string, wrapped: Uint8Array): Promise<Uint8Array>;
};

/** Where the master key is. */
export type MasterKeySource = {
  /** For messages: `the file /etc/esim/master.key`. */
  readonly place: string;
  /** Reads the key; undefined: there is none. Where there is a next key too, the one with that id. Throws a StoreError for one that cannot be used. */
  read(id?: string): Promise<MasterKey | undefined>;
  /** Generates a key where it can be stored; absent: people provide the key. */
  create?(): Promise<MasterKey>;
};
