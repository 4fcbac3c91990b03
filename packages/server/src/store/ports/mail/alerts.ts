import type { NewDelivery } from '../outbox.ts';

/** Somebody who gets alerts of an account by mail. */
export type MailRecipient = {
  readonly account: string;
  /** A mail address. */
  readonly address: string;
  /** The kinds of mail: names in the table of kinds. */
  readonly kinds: readonly string[];
  /** Of BCP 47. */
  readonly language: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

/** How far the alert about something has gone. Who raises it says what its numbers mean. */
export type Alert = {
  /** Empty: it is about the server. */
  readonly account: string;
  /** What it is about: a certificate, the stock of a type. */
  readonly subject: string;
  readonly level: number;
};

/** `from`: the level that the decision was made from; absent: there was no alert. */
export type AlertMove = Alert & { readonly from?: number; readonly at: number };

/** The stock of a type that is low: AVAILABLE profiles. */
export type StockLimit = { readonly account: string; readonly profileType: string; readonly lowAt: number };

export interface AlertStore {
  /** The recipients of an account, by address. */
  mailRecipients(account: string): Promise<readonly MailRecipient[]>;
  /** Those of all accounts who get a kind of alert. */
  recipientsOf(kind: string): Promise<readonly MailRecipient[]>;
  /** Creates the recipient, or writes over it; the time of its creation stays. `full`: the account has `most` others already. */
  putMailRecipient(recipient: MailRecipient, most: number): Promise<'saved' | 'full'>;
  deleteMailRecipient(account: string, address: string): Promise<'deleted' | 'unknown'>;
  /** The alerts of an account. */
  alerts(account: string): Promise<readonly Alert[]>;
  /** Moves an alert and adds its deliveries, all or nothing. `stale`: its level is another one now. */
  moveAlert(move: AlertMove, deliveries: readonly NewDelivery[]): Promise<'moved' | 'stale'>;
  /** The limits of an account, or all, by account and type. */
  stockLimits(account?: string): Promise<readonly StockLimit[]>;
  /** Sets the limit of a type; undefined: there is none any more. An alert about it ends. */
  setStockLimit(limit: Omit<StockLimit, 'lowAt'> & { readonly lowAt: number | undefined }): Promise<void>;
}

/** What an alert about the stock of a type is about. */
export function stockSubject(profileType: string): string {
  return `stock ${profileType}`;
}
