import type { Reader } from '@esim-rsp/smdp/ports';
import type { Session } from '@esim-rsp/smdp/state/session';

export interface SessionStore extends Pick<Reader, 'session'> {
  /** The `count` newest sessions, the newest first. */
  recentSessions(count: number): Promise<readonly Session[]>;
  /** Deletes at most `most` sessions that expired before `now` (Unix milliseconds), those that expired first; resolves to their number. */
  deleteExpiredSessions(now: number, most: number): Promise<number>;
}
