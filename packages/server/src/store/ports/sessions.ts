import type { Reader } from '@esim-rsp/smdp/ports';
import type { Session } from '@esim-rsp/smdp/state/session';

export interface SessionStore extends Pick<Reader, 'session'> {
  /** The `count` newest sessions, the newest first. */
  recentSessions(count: number): Promise<readonly Session[]>;
  /** Deletes sessions that expired before `now` (Unix milliseconds); resolves to their number. */
  deleteExpiredSessions(now: number): Promise<number>;
}
