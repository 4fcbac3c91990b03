import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Outcome } from '../channel.ts';
import type { SmtpServer } from './smtp-server.ts';

/** One mail, as SMTP carries it. */
export type Envelope = { readonly from: string; readonly to: string; readonly message: Buffer };

/** All steps together: less than a delivery is claimed for. */
const TIMEOUT_MS = 20_000;
const STEP_MS = 10_000;
const MOST_RESPONSE = 16_384;

type SmtpError = Error & {
  readonly code?: string;
  readonly command?: string;
  readonly originalCode?: string;
  readonly response?: string;
  readonly responseCode?: number;
};

/** Sends one mail over a connection of its own. Rejects if `signal` aborts. */
export function sendMail(
  server: SmtpServer,
  { from, to, message }: Envelope,
  signal: AbortSignal,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Outcome> {
  const send = (connection: SMTPConnection, done: Done) =>
    connection.send({ from, to: [to] }, message, (error) => done(error ?? undefined));
  return overConnection(server, { to, signal, timeoutMs }, send);
}

/** Connects and logs in, and sends nothing. undefined: it works; otherwise what does not. */
export async function checkSmtpServer(server: SmtpServer, timeoutMs: number): Promise<string | undefined> {
  const { signal } = new AbortController();
  const outcome = await overConnection(server, { signal, timeoutMs }, (_connection, done) => done());
  return 'error' in outcome ? outcome.error : undefined;
}

type Done = (error?: Error) => void;
type Bounds = { readonly to?: string; readonly signal: AbortSignal; readonly timeoutMs: number };

/** Does something over a new connection, after the login. What breaks after it is done changes nothing. */
function overConnection(
  server: SmtpServer,
  { to, signal, timeoutMs }: Bounds,
  work: (connection: SMTPConnection, done: Done) => void,
): Promise<Outcome> {
  const connection = new SMTPConnection(optionsOf(server, Math.min(timeoutMs, STEP_MS)));
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const done = (error?: Error) => resolve(error ? outcomeOf(error, to) : { state: 'delivered', status: 250 });
  const fail = (code: string) => done(Object.assign(new Error(), { code }));
  const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs);
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  connection.on('error', done);
  connection.on('end', () => fail('ECONNECTION'));
  connection.connect(() => {
    const { login } = server;
    if (login === undefined) return work(connection, done);
    const credentials = { user: login.user, pass: login.password };
    connection.login(credentials, (error) => (error ? done(error) : work(connection, done)));
  });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    connection.quit(); // the answer is not needed: the server closes the connection, or this process does
    connection.close();
  });
}

function optionsOf({ host, port, tls, ca }: SmtpServer, stepMs: number) {
  return {
    host,
    port,
    secure: tls === 'direct',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    tls: {
      minVersion: 'TLSv1.2' as const,
      checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate), // Node itself takes an address for localhost
      ...(ca !== undefined && { ca }),
    },
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: stepMs,
    socketCloseTimeout: 1000,
    maxResponseSize: MOST_RESPONSE,
    allowInternalNetworkInterfaces: true,
    logger: false,
  };
}

/**
 * A mail that the server refuses for good, because of the recipient or the message, is not sent again. What is wrong between both servers (TLS,
 * the login, the sender) can be corrected, so the mail waits for that.
 */
function outcomeOf(error: SmtpError, recipient: string | undefined): Outcome {
  const { responseCode: status, command } = error;
  const text = describe(error, recipient);
  if (status === undefined) return { state: 'refused', error: text };
  const isFinal = status >= 500 && (command === 'RCPT TO' || command === 'DATA');
  return { state: isFinal ? 'rejected' : 'refused', status, error: text };
}

/** No text of the server after the message or the login: it may repeat them. */
function describe(error: SmtpError, recipient: string | undefined): string {
  const { code, command = '', response, responseCode } = error;
  if (responseCode === undefined || code === 'ETLS') return describeBreak(error);
  const [, enhanced] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '') ?? [];
  const answer = `${responseCode}${enhanced === undefined ? '' : ` ${enhanced}`}`;
  if (command.startsWith('AUTH') || code === 'EAUTH')
    return `the mail server refuses the login (${answer}): check user and password of ESIM_SMTP_URL`;
  if (command === 'DATA') return `the mail server refuses the message (${answer})`;
  const said = wordsOf(response, recipient);
  if (command === 'MAIL FROM')
    return `the mail server refuses the sender (${said}): check ESIM_MAIL_FROM, and whether a login is needed`;
  if (command === 'RCPT TO') return `the mail server refuses the recipient (${said})`;
  return `the mail server refuses the connection (${said})`;
}

/** What the server says, in one short line, without the address of a person. */
function wordsOf(response = '', recipient: string | undefined): string {
  if (recipient === undefined) return oneLine(response);
  return oneLine(response.replaceAll(new RegExp(RegExp.escape(recipient), 'gi'), '…'));
}

function describeBreak({ code = '', originalCode = '', message, response }: SmtpError): string {
  switch (code) {
    case 'EAUTH':
      return 'the mail server offers no login that this server can do';
    case 'ETIMEDOUT':
      return 'the mail server did not answer in time';
    case 'EDNS':
      return 'the host name of the mail server could not be looked up';
    case 'EMESSAGE':
      return 'the message is larger than the mail server takes';
    case 'ETLS':
      if (response !== undefined) return 'the mail server offers no STARTTLS: see ESIM_SMTP_STARTTLS';
      return describeTlsFailure(message.replace(/^Error initiating TLS - /, ''));
  }
  if (originalCode === 'ECONNREFUSED') return 'nothing accepts connections at the address of the mail server';
  if (/CERT|SSL|TLS|SIGNATURE/.test(originalCode)) return describeTlsFailure(message);
  return 'the connection to the mail server broke';
}

/** Node recommends an option of its own behind the first `;`. */
function describeTlsFailure(message: string): string {
  const [what = ''] = message.split(';');
  const hint = /first certificate|self.signed|issuer certificate/i.test(what)
    ? ': set ESIM_SMTP_CA to the certificate of its CA'
    : '';
  return `TLS with the mail server failed: ${oneLine(what)}${hint}`;
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
