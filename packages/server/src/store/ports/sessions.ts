import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { Reader } from '@esim-rsp/smdp/ports';
import type { Session } from '@esim-rsp/smdp/state/session';
import type { LogPage } from './log-page.ts';

export type SessionPosition = { readonly openedAt: number; readonly transactionId: string };

/** Which sessions are wanted; each member narrows them down. */
export type SessionFilter = NotFromCaller & {
  /** Only those about a Profile of this account. */
  readonly account?: string;
  /** Only those of eUICCs that asked for no Profile which exists. With an account and an EID: only if the eUICC has a Profile of the account. */
  readonly withoutProfile?: true;
  readonly iccid?: string;
  readonly eid?: string;
  /** A subject and a reason code, such as 8.2.7/3.8: a call was refused with it or changed nothing, or the device reported it. */
  readonly reason?: string;
  /** Unix milliseconds: only sessions that were opened then or later. */
  readonly since?: number;
  /** Unix milliseconds: only sessions that were opened before. */
  readonly until?: number;
  /** Only sessions that come after this one in the list. */
  readonly after?: SessionPosition;
  /** At most this many. */
  readonly count: number;
};

/** A page of sessions, as a page of a log. */
export type SessionPage = LogPage<Session, SessionPosition>;

export interface SessionStore extends Pick<Reader, 'session'> {
  /** The `count` newest sessions, the newest first. */
  recentSessions(count: number): Promise<readonly Session[]>;
  /** The newest first. */
  sessions(filter: SessionFilter): Promise<SessionPage>;
  /** Deletes at most `most` sessions that expired before `now` (Unix milliseconds), those that expired first; resolves to their number. */
  deleteExpiredSessions(now: number, most: number): Promise<number>;
}
