/** Whether the store can be used. */
export interface HealthStore {
  /** Writes something and commits it durably, without changing any record. Rejects with the reason of the engine. */
  tryWrite(): Promise<void>;
  /** The schema version that the database has, and the newest one that this program knows. */
  schemaVersion(): Promise<{ readonly found: number; readonly known: number }>;
}
