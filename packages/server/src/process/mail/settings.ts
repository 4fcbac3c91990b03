import { readFileSync } from 'node:fs';
import type { Sender } from '../../delivery/mail/address.ts';
import {
  isLoopbackHost,
  type SmtpServer,
  type SmtpUrl,
  type StartTls,
} from '../../delivery/mail/smtp-server.ts';

/** How this server sends mail. */
export type MailSettings = {
  readonly server: SmtpServer;
  readonly from: Sender;
  /** Who gets alerts about the server. */
  readonly alertsTo: readonly string[];
  readonly perMinute: number;
};

/** The settings of mail as they are written. */
export type MailVariables = {
  readonly url: SmtpUrl | undefined;
  readonly password: string | undefined;
  readonly startTls: StartTls | undefined;
  readonly ca: string | undefined;
  readonly from: Sender | undefined;
  readonly alertsTo: readonly string[] | undefined;
  readonly perMinute: number;
};

/** The settings together; without a URL there is no mail. `report`: takes each problem, a sentence. */
export function readMailSettings(
  { url, password, startTls, ca, from, alertsTo, perMinute }: MailVariables,
  report: (problem: string) => void,
): MailSettings | undefined {
  if (url === undefined) {
    if (from !== undefined) report('ESIM_MAIL_FROM is set without ESIM_SMTP_URL: both are expected');
    if (alertsTo !== undefined) report('ESIM_MAIL_ALERTS_TO is set without ESIM_SMTP_URL: both are expected');
    return undefined;
  }
  if (from === undefined) report('ESIM_MAIL_FROM is not set: with ESIM_SMTP_URL, a sender is expected');
  const login = readLogin(url, password, report);
  const { host, port, isDirectTls } = url;
  if (isDirectTls && startTls !== undefined)
    report('ESIM_SMTP_STARTTLS is for smtp:// only: smtps:// uses TLS from the beginning');
  const tls = isDirectTls ? 'direct' : (startTls ?? (login === undefined ? 'optional' : 'required'));
  if (login !== undefined && (tls === 'off' || tls === 'optional') && !isLoopbackHost(host))
    report(`ESIM_SMTP_STARTTLS=${tls} would send a password without TLS: required is expected`);
  const server: SmtpServer = {
    ...{ host, port, tls },
    ...(login !== undefined && { login }),
    ...(ca !== undefined && { ca: readCa(ca, report) }),
  };
  return from && { server, from, alertsTo: alertsTo ?? [], perMinute };
}

function readLogin(
  { user, password: inUrl }: SmtpUrl,
  password: string | undefined,
  report: (problem: string) => void,
): SmtpServer['login'] {
  if (inUrl !== undefined && password !== undefined)
    report('ESIM_SMTP_PASSWORD is set, and ESIM_SMTP_URL has a password too: one of them is expected');
  const secret = password ?? inUrl;
  if ((user === undefined) !== (secret === undefined))
    report(
      user === undefined
        ? 'ESIM_SMTP_URL has no user for the password: smtp://user@host is expected'
        : 'ESIM_SMTP_URL has a user without a password: set ESIM_SMTP_PASSWORD_FILE',
    );
  return user === undefined || secret === undefined ? undefined : { user, password: secret };
}

function readCa(file: string, report: (problem: string) => void): string {
  try {
    const pem = readFileSync(file, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
    report(`ESIM_SMTP_CA is ${JSON.stringify(file)}: a PEM file with certificates is expected`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    report(`ESIM_SMTP_CA is ${JSON.stringify(file)}: a file that can be read is expected (${code})`);
  }
  return '';
}
