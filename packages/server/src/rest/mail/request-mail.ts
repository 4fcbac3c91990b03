import { type NewMail, newMail } from '../../delivery/mail/new-mail.ts';
import type { Delivery, OutboxStore } from '../../store/ports/outbox.ts';
import type { Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';

/** Puts a mail that a caller asks for into the outbox. Throws 409 if the server sends no mail, and 429 if the account asks for too many. */
export async function requestMail(
  services: Services<Pick<OutboxStore, 'addDelivery'>>,
  mail: NewMail,
): Promise<Delivery> {
  takeMail(services, mail);
  return services.store.addDelivery(newMail(mail));
}

/** Counts a mail that a caller asks for. Throws 409 if the server sends no mail, and 429 if the account asks for too many. */
export function takeMail(
  services: Pick<Services, 'mail'>,
  { account, createdAt }: Pick<NewMail, 'account' | 'createdAt'>,
): void {
  const { requests } = mustSendMail(services);
  const seconds = requests.take(account, createdAt);
  if (seconds > 0)
    throw new HttpProblem(
      429,
      'rate_limited',
      `the account has asked for too many mails: try again in ${seconds} s`,
      undefined,
      seconds,
    );
}

/** Throws 409 if the server sends no mail: a mail would wait for ever. */
export function mustSendMail({ mail }: Pick<Services, 'mail'>): NonNullable<Services['mail']> {
  if (mail !== undefined) return mail;
  throw new HttpProblem(
    409,
    'mail_not_configured',
    'this server sends no mail: its operator sets ESIM_SMTP_URL and ESIM_MAIL_FROM',
  );
}
