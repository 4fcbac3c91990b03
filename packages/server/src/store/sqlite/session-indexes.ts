import type { SessionRow } from '../rows/sessions.ts';

/** Every index of the table of sessions, with the columns that it depends on. A test compares them with the database. */
export const sessionIndexes = {
  session_expires_at: ['expires_at'],
  session_asked_iccid: ['asked_iccid', 'opened_at'],
  session_eid: ['eid', 'opened_at'],
  session_opened_at: ['opened_at'],
  session_without_profile: ['opened_at', 'asked_iccid'],
} as const satisfies Readonly<Record<string, readonly (keyof SessionRow)[]>>;

/** The key, and the columns of indexes that stay the same as long as a session lives: see indexedColumnsBut of profiles. */
export const lastingColumns = ['transaction_id', 'asked_iccid', 'eid', 'opened_at'] as const;
