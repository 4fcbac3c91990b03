import type { ProblemField, ProfileClass } from './models.ts';

/** What rows do not say themselves. */
export interface ImportEUICCProfilesQuery {
  service_provider_name?: string;
  profile_name?: string;
  profile_class?: ProfileClass;
  profile_type?: string;
  /** Of CSV: names of columns to pass over, with commas between them. */
  ignore_columns?: string;
}

/** How far an import is. Every number counts from its beginning. */
export interface ImportCounts {
  rows: number;
  /** Of these rows, created. */
  created: number;
  /** In stock before, just so. */
  exists: number;
  /** Refused: each has an `ImportRowError`. */
  failed: number;
  bytes: number;
}

export interface ImportProgress extends ImportCounts {
  type: 'progress';
}

/** A row that is not stocked, and why. */
export interface ImportRowError {
  type: 'error';
  /** Of NDJSON and CSV; the first is 1. */
  line?: number;
  /** Of a zip: the name of the file. */
  entry?: string;
  iccid?: string;
  /** A stable word for programs. */
  code: string;
  message: string;
  errors?: ProblemField[];
}

/** The last report. */
export interface ImportSummary extends ImportCounts {
  type: 'summary';
  /** Whether everything was read; if not, `message` says why not. */
  complete: boolean;
  code?: string;
  message?: string;
}

/** A line of the answer to an import. */
export type ImportReport = ImportProgress | ImportRowError | ImportSummary;
