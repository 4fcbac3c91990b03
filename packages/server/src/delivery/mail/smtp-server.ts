import { isIP } from 'node:net';

/** What a connection does about TLS. `required`: STARTTLS, or nothing is sent. `optional`: if the server offers it. `direct`: from the first byte. */
export type SmtpTls = 'required' | 'optional' | 'off' | 'direct';
export const startTlsModes = ['required', 'optional', 'off'] as const;
export type StartTls = (typeof startTlsModes)[number];

/** The mail server that takes the mail of this server. */
export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  readonly tls: SmtpTls;
  readonly login?: { readonly user: string; readonly password: string };
  /** Certificates of authorities, in PEM; absent: those that Node knows. */
  readonly ca?: string;
};

/** An SMTP URL: smtp:// uses STARTTLS, smtps:// TLS from the first byte. User and password are percent-encoded in it. */
export type SmtpUrl = Pick<SmtpServer, 'host' | 'port'> & {
  readonly isDirectTls: boolean;
  readonly user?: string;
  readonly password?: string;
};

/** Reads an SMTP URL; undefined: it is none. */
export function parseSmtpUrl(text: string): SmtpUrl | undefined {
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return undefined;
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return undefined;
  const isDirectTls = url.protocol === 'smtps:';
  try {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (/\p{Cc}/u.test(user + password)) return undefined;
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (isDirectTls ? 465 : 587) : Number(url.port),
      isDirectTls,
      ...(user !== '' && { user }),
      ...(password !== '' && { password }),
    };
  } catch {
    return undefined; // a % that is no percent-encoding
  }
}

/** Whether what is sent to the host stays on this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** The server for people: without user and password. */
export function describeSmtpServer({ host, port, tls, login }: SmtpServer): string {
  const how = {
    direct: 'TLS',
    required: 'STARTTLS',
    optional: 'STARTTLS if it offers it',
    off: 'no TLS',
  }[tls];
  return `${host}:${port} (${how}, ${login === undefined ? 'no login' : 'with login'})`;
}
