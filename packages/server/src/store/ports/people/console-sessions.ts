/** Somebody who has signed in: the browser has the token, the store its hash only. */
export type ConsoleSession = {
  readonly id: string;
  /** SHA-256 of the token in the cookie. */
  readonly hash: Uint8Array;
  readonly account: string;
  /** The API key that it was started with: the session may do what this key may, and ends with it. */
  readonly keyId?: string;
  /** Instead of a key: the id of the person who signed in. */
  readonly person?: string;
  /** Unix seconds, as are all times here. */
  readonly createdAt: number;
  /** Up to a minute late. */
  readonly lastUsedAt: number;
  /** When it ends, however much it is used. */
  readonly endsAt: number;
  /** The IP address that signed in. */
  readonly address?: string;
  /** What the browser calls itself. */
  readonly userAgent?: string;
};

/** A link that signs somebody in, once: it begins a session of this key or of this person. */
export type ConsoleTicket = {
  /** SHA-256 of the ticket in the link. */
  readonly hash: Uint8Array;
  readonly account: string;
  readonly keyId?: string;
  readonly person?: string;
  readonly endsAt: number;
};

/** Whose sessions: those of a person, or those that were started with a key. */
export type SessionOwner = { readonly person: string } | { readonly account: string; readonly keyId: string };

/** Sessions of one person, or of one key, that are kept: the last ones that began. One that signs in again and again ends its own only. */
export const MOST_CONSOLE_SESSIONS = 100;

export interface ConsoleSessionStore {
  consoleSession(hash: Uint8Array): Promise<ConsoleSession | undefined>;
  /** Deletes those that have ended when it began, and the oldest of the account if there are too many. */
  addConsoleSession(session: ConsoleSession): Promise<void>;
  recordConsoleSessionUse(id: string, at: number): Promise<void>;
  /** Whether there was one. */
  deleteConsoleSession(id: string): Promise<boolean>;
  /** Those of a person, or of a key, the newest first. */
  consoleSessionsOf(owner: SessionOwner): Promise<readonly ConsoleSession[]>;
  /** Deletes all of them but `except`. */
  deleteConsoleSessionsOf(owner: SessionOwner, except?: string): Promise<void>;
  /** Deletes those that have ended at `now`. Invitations are added with their person. */
  addConsoleTicket(ticket: ConsoleTicket, now: number): Promise<void>;
  /** Shows a ticket that can still be taken. */
  consoleTicket(hash: Uint8Array, now: number): Promise<ConsoleTicket | undefined>;
  /** Gives a ticket once; undefined: it was used, has ended, or never existed. */
  takeConsoleTicket(hash: Uint8Array, now: number): Promise<ConsoleTicket | undefined>;
}
