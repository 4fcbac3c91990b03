import type { MailRecipient } from '../../store/ports/mail/alerts.ts';
import type { Facts, NewDelivery } from '../../store/ports/outbox.ts';
import type { AlertKind } from './kinds.ts';
import { newMail } from './new-mail.ts';

/** An alert of an account, a mail for each recipient that has chosen its kind. */
export function alertMails(
  recipients: readonly MailRecipient[],
  kind: AlertKind,
  facts: Facts,
  createdAt: number,
): readonly NewDelivery[] {
  return recipients
    .filter(({ kinds }) => kinds.includes(kind))
    .map(({ account, address, language }) =>
      newMail({ kind, to: address, language, account, facts, createdAt }),
    );
}
