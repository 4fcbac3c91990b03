/** Events, audit entries and deliveries are logs: their rows are numbered, and each has a time. All of them are read page by page in the same way. */

export const logSorts = ['newest', 'oldest'] as const;
export type LogSort = (typeof logSorts)[number];

/** A row of a log: its number, and its time (Unix milliseconds) where the log is read along the times. */
export type LogPosition = { readonly id: number; readonly at?: number };

/** The part of a log that a page comes from. */
export type LogRange = {
  readonly sort?: LogSort;
  /** Unix milliseconds: only rows of this time or later. */
  readonly since?: number;
  /** Unix milliseconds: only rows before this time. */
  readonly until?: number;
  /** Only rows that come after this one in the list: `next` of the page before, which had the same filter. */
  readonly after?: LogPosition;
  /** At most this many. */
  readonly count: number;
};

/**
 * A page: it is full, or it is the last one (there is no `next`), or the search ended early. The store examines a limited number of
 * rows for one page.
 */
export type LogPage<T, P = LogPosition> = {
  readonly items: readonly T[];
  /** Where the next page begins. */
  readonly next?: P;
  /** Of the last page: the last row behind `after`, whether it matched or not. Absent: there was none. */
  readonly end?: P;
  readonly isSearchLimited: boolean;
};

/** Rows that are examined for one page, in lists of profiles too. */
export const MOST_EXAMINED = 10_000;
