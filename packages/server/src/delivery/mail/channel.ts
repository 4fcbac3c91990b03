import { setTimeout as sleep } from 'node:timers/promises';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeQrMatrix } from '../../qr/matrix.ts';
import { renderPng } from '../../qr/png.ts';
import type { AccountStore } from '../../store/ports/accounts.ts';
import type { StoredEvent } from '../../store/ports/events.ts';
import type { AlertStore, MailRecipient } from '../../store/ports/mail/alerts.ts';
import type { MailStore } from '../../store/ports/mail/mail.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { type Channel, isSince, type Outcome, type Subscriber } from '../channel.ts';
import type { Sender } from './address.ts';
import {
  type AlertKind,
  type MailValues,
  mailKindRow,
  QR_CODE_ADDRESS,
  type ReadSecretValues,
} from './kinds.ts';
import type { MailText } from './mail-text.ts';
import { languageFact, languageOf } from './new-mail.ts';
import { renderMail } from './render.ts';
import { sendMail } from './send.ts';
import type { SmtpServer } from './smtp-server.ts';
import { templateFor } from './templates.ts';

/** The records that it reads. */
type MailChannelStore = Pick<MailStore, 'mailTemplate'> &
  Pick<AccountStore, 'accounts'> &
  Pick<AlertStore, 'recipientsOf'>;

export type MailOptions = {
  readonly server: SmtpServer;
  readonly from: Sender;
  /** Mails that leave in a minute at most. */
  readonly perMinute: number;
  /** How the secret values of a kind are read; absent: it has none. */
  readonly secretValues?: Readonly<Record<string, ReadSecretValues>>;
  /** Longest time of one attempt. */
  readonly timeoutMs?: number;
};

/** Few connections at the same time: mail servers refuse more. */
const slots = { perAccount: 2, troubled: 1, total: 4, totalExceeded: 4 };

/** Sends mail by SMTP. The text of a mail is built when it is sent, and stored nowhere. */
export function mailChannel(store: MailChannelStore, options: MailOptions): Channel {
  const { server, from, perMinute, secretValues = {}, timeoutMs } = options;
  const nextTurn = pace(perMinute);
  return {
    kind: 'mail',
    slots,
    isPersonal: true,
    subscribers: async () => (await store.recipientsOf(HELP)).map(toSubscriber),
    send: async (delivery, event, attempt) => {
      const mail = await buildMail(store, secretValues, delivery, event);
      if ('state' in mail) return mail;
      await nextTurn(attempt.signal);
      const message = await compose(mail, from, delivery);
      const envelope = { from: from.address, to: delivery.target, message };
      return withoutSecrets(await sendMail(server, envelope, attempt.signal, timeoutMs), mail.secrets);
    },
  };
}

/** The alert that an event raises: a customer asks for help. */
const HELP: AlertKind = 'help_requested';

function toSubscriber({ address, account, language, createdAt }: MailRecipient): Subscriber {
  return {
    target: address,
    account,
    matches: (event) =>
      event.type === 'install_link.help_requested' && isSince(event, { after: undefined, from: createdAt }),
    typeOf: () => HELP,
    facts: languageFact(language),
  };
}

/** `qrCode`: the text of the QR code that the HTML shows. */
type Built = MailText & { readonly secrets: MailValues; readonly qrCode?: string | undefined };
type Secrets = NonNullable<MailOptions['secretValues']>;

async function buildMail(
  store: MailChannelStore,
  secretValues: Secrets,
  delivery: Delivery,
  event: StoredEvent | undefined,
): Promise<Built | Outcome> {
  const { account, type: kind, facts } = delivery;
  const row = mailKindRow(kind);
  if (row === undefined) return { state: 'skipped', error: 'this release does not know this kind of mail' };
  const template = await templateFor(store, { account, kind, language: languageOf(delivery) });
  if (template === undefined) return { state: 'skipped', error: 'this kind of mail has no template' };
  const readSecrets = secretValues[kind];
  const secrets = readSecrets === undefined ? {} : await readSecrets(delivery);
  const caused = row.valuesOf === undefined ? {} : event && row.valuesOf(event);
  if (secrets === undefined || caused === undefined)
    return { state: 'skipped', error: 'what the mail is about does not exist any more' };
  const name = (await store.accounts()).find(({ id }) => id === account)?.name ?? account;
  const values = { account: name, qr_code: QR_CODE_ADDRESS, ...facts, ...caused, ...secrets };
  const qrCode = row.qrCodeOf === undefined ? undefined : secrets[row.qrCodeOf];
  return { ...renderMail(template, values), secrets, qrCode };
}

/** The same for all attempts of one delivery, so that receivers can drop repeats. */
export function messageIdOf({ id, createdAt }: Delivery, { address }: Sender): string {
  return `<esim-rsp.${createdAt}.${id}@${address.slice(address.lastIndexOf('@') + 1)}>`;
}

function compose(mailText: Built, from: Sender, delivery: Delivery): Promise<Buffer> {
  const { subject, text, html } = mailText;
  const mail = new MailComposer({
    from: { name: from.name ?? '', address: from.address },
    to: { name: '', address: delivery.target },
    subject,
    text,
    ...(html !== undefined && { html, attachments: pictures(mailText) }),
    messageId: messageIdOf(delivery, from),
    date: new Date(delivery.createdAt),
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': languageOf(delivery) },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}

/** The picture that the HTML names: programs for mail show no data: URLs. */
function pictures({ html = '', qrCode }: Built) {
  if (qrCode === undefined || !html.includes(QR_CODE_ADDRESS)) return [];
  const content = renderPng(encodeQrMatrix(qrCode, { ecc: 'M', margin: 4 }));
  const cid = QR_CODE_ADDRESS.slice('cid:'.length);
  return [
    {
      filename: 'qr-code.png',
      contentType: 'image/png',
      contentDisposition: 'inline' as const,
      cid,
      content,
    },
  ];
}

/** An error that names a secret of the mail names nothing: it is shown and logged. */
function withoutSecrets(outcome: Outcome, secrets: MailValues): Outcome {
  if (!('error' in outcome)) return outcome;
  const isLeak = Object.values(secrets).some((secret) => secret !== '' && outcome.error.includes(secret));
  return isLeak ? { ...outcome, error: 'the mail server refuses the message' } : outcome;
}

/** Lets one mail after the other begin, evenly spread. */
function pace(perMinute: number): (signal: AbortSignal) => Promise<void> {
  let next = 0;
  return async (signal) => {
    const now = performance.now();
    const begin = Math.max(now, next);
    next = begin + 60_000 / perMinute;
    if (begin > now) await sleep(begin - now, undefined, { signal });
  };
}
