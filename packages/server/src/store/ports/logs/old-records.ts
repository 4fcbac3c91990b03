/** What is deleted when it is old, besides the entries of the logs: attempts to download, and finished deliveries. */
export const oldRecordKinds = ['session', 'delivery'] as const;
export type OldRecordKind = (typeof oldRecordKinds)[number];

/** A record that is to be deleted. */
export type OldRecord = {
  readonly id: number | string;
  readonly version: number;
  /** JSON: the columns that have a value, without keys and signatures. */
  readonly content: string;
};

export interface OldRecordStore {
  /** At most `most` records, the oldest first: sessions that expired before a time, or deliveries that were created before it and have ended (Unix milliseconds). */
  oldRecords(kind: OldRecordKind, before: number, most: number): Promise<readonly OldRecord[]>;
  /** Deletes those that are still as they were read. False: the first one is not, and nothing was deleted. */
  deleteOldRecords(kind: OldRecordKind, records: readonly OldRecord[]): Promise<boolean>;
}
