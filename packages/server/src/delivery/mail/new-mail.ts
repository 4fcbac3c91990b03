import type { Facts, NewDelivery } from '../../store/ports/outbox.ts';
import type { MailKind } from './kinds.ts';

/** A mail to send: the outbox takes it as a delivery, in the transaction that decides to send it. */
export type NewMail = {
  readonly kind: MailKind;
  /** Who gets it: a mail address (parseAddress). */
  readonly to: string;
  /** Of BCP 47. */
  readonly language: string;
  readonly account: string;
  /** Absent: it is about no profile. Mail about one profile to one address is sent in order. */
  readonly iccid?: string;
  /** Values of placeholders. They are stored, and shown with the delivery: no secret may be among them. */
  readonly facts?: Facts;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

/** The language of a mail, among its facts. */
const LANGUAGE = 'language';

export function languageFact(language: string): Facts {
  return { [LANGUAGE]: language };
}

/** The delivery of a mail. */
export function newMail({ kind, to, language, account, iccid = '', facts, createdAt }: NewMail): NewDelivery {
  return {
    kind: 'mail',
    target: to,
    account,
    type: kind,
    iccid,
    facts: { ...facts, ...languageFact(language) },
    createdAt,
  };
}

export function languageOf({ facts }: Pick<NewDelivery, 'facts'>): string {
  return facts?.[LANGUAGE] ?? 'en';
}
