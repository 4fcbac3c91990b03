import { Resolver } from 'node:dns';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import { parseAddresses, parseSender } from '../delivery/mail/address.ts';
import { parseSmtpUrl, startTlsModes } from '../delivery/mail/smtp-server.ts';
import { parseWebhookUrl } from '../delivery/webhooks/url.ts';
import { type KeyUri, KeyUriError, parseKeyUri } from '../keys/token/key-uri.ts';
import { parseProxies, parseProxyList } from '../limits/networks.ts';
import { parseSecret } from '../store/ports/webhook-secret.ts';
import { isPostgresUrl } from '../store/postgres/connection/hosts.ts';
import { parseIssuer, parseRoleMap } from './openid/settings.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One environment variable. */
export type Setting<T> = {
  readonly about: string;
  /** The value for an absent or empty variable, as text. If this is absent, other variables determine the value. */
  readonly byDefault?: string;
  /** The value in .env.example when there is no default. */
  readonly example?: string;
  readonly secret?: true;
  readonly expected: string;
  /** Returns undefined, or throws a ValueError, if the text is not as expected. */
  readonly read: (text: string) => T | undefined;
};

function setting<T>(described: Setting<T>): Setting<T> {
  return described;
}

function number(min: number, max: number, what: string) {
  return {
    expected: `${what} from ${min} to ${max}`,
    read: (text: string) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

function matching(expected: string, pattern: RegExp) {
  return { expected, read: (text: string) => (pattern.test(text) ? text : undefined) };
}

const port = number(0, 65535, 'a port');
const path = matching('a path', /^[^\0]+$/);
const host = matching('a host name or an IP address, such as 127.0.0.1 or ::', /^[A-Za-z0-9._:%-]+$/);
const flag = {
  expected: '1 or 0',
  read: (text: string) => ({ '1': true, true: true, '0': false, false: false })[text.toLowerCase()],
};

function parseMasterKeyUri(text: string): KeyUri | undefined {
  try {
    return parseKeyUri(text, 'secret-key');
  } catch (error) {
    if (error instanceof KeyUriError) return undefined;
    throw error;
  }
}

/** Without a slash at its end: paths are appended. */
function parseOrigin(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const rest = url.pathname + url.search + url.hash + url.username + url.password;
  return rest === '/' && text.length <= 256 ? url.origin : undefined;
}

function parseDnsServers(text: string): readonly string[] | undefined {
  if (text === 'system') return [];
  const servers = text.split(',').map((one) => one.trim());
  try {
    new Resolver().setServers(servers);
    return servers;
  } catch {
    return undefined;
  }
}

function parseAnchorUrl(text: string): string {
  return parseWebhookUrl(text, true);
}

/** All environment variables that the server reads, with their meaning and their allowed values. */
export const settings = {
  ESIM_DATA_DIR: setting({
    about: 'Folder of the database, the test PKI and the credentials of the command line',
    byDefault: './data',
    ...path,
  }),
  ESIM_WORKERS: setting({
    about:
      'Processes that share the work of this server, one for each core; limits of rates, connections and requests apply to each of them',
    byDefault: '1',
    ...number(1, 256, 'a number'),
  }),
  ESIM_DATABASE_URL: setting({
    about:
      'PostgreSQL database that stores everything instead of a file in the data folder; any number of servers can share it. Of several hosts (host,host:port) the primary is used. sslmode=verify-full and sslrootcert=FILE verify its certificate',
    example: '',
    secret: true,
    expected:
      'postgres://user:password@host:port/database, with several hosts for a primary and its replicas (target_session_attrs=read-write)',
    read: (text) => (isPostgresUrl(text) ? text : undefined),
  }),
  ESIM_DATABASE_DIRECT_URL: setting({
    about:
      'The same database past a pooler such as PgBouncer: for migrations, and for LISTEN, without which a server looks for events four times a second. By default ESIM_DATABASE_URL',
    example: '',
    secret: true,
    expected:
      'postgres://user:password@host:port/database, with several hosts for a primary and its replicas (target_session_attrs=read-write)',
    read: (text) => (isPostgresUrl(text) ? text : undefined),
  }),
  ESIM_DATABASE_CONNECTIONS: setting({
    about: 'Connections to PostgreSQL that each process opens at most',
    byDefault: '10',
    ...number(1, 1000, 'connections'),
  }),
  ESIM_DATABASE_PREPARE: setting({
    about:
      '0: prepares no statements in PostgreSQL, because a pooler in transaction mode does not keep them (PgBouncer before 1.21)',
    byDefault: '1',
    ...flag,
  }),
  ESIM_DATABASE_STATEMENT_MS: setting({
    about: 'The time after which PostgreSQL ends a statement',
    byDefault: '10000',
    ...number(100, 600_000, 'milliseconds'),
  }),
  ESIM_DATABASE_LOCK_MS: setting({
    about: 'The time after which PostgreSQL ends a statement that waits for a lock',
    byDefault: '5000',
    ...number(100, 600_000, 'milliseconds'),
  }),
  ESIM_DATABASE_WAIT_MS: setting({
    about: 'How long a call waits for a PostgreSQL that cannot be reached; then it gets 503',
    byDefault: '5000',
    ...number(100, 600_000, 'milliseconds'),
  }),
  ESIM_MASTER_KEY: setting({
    about:
      'Master key of the secrets in the database: 32 octets in base64, as openssl rand -base64 32 prints them. By default the file master.key in the data folder, which the first start creates: move it to another place',
    example: '',
    secret: true,
    expected: '32 octets in base64',
    read: (text) => (/^[A-Za-z0-9+/]{43}=$/.test(text) ? text : undefined),
  }),
  ESIM_MASTER_KEY_FILE: setting({
    about: 'File with the master key',
    example: '',
    ...path,
  }),
  ESIM_MASTER_KEY_COMMAND: setting({
    about:
      'Command that prints the master key, such as a client of a key management service; it has 30 seconds',
    example: '',
    ...matching('a command', /^[^\0]+$/),
  }),
  ESIM_MASTER_KEY_URI: setting({
    about:
      'Master key in a PKCS#11 token, as esim secrets create-key prints it; the PIN is that of ESIM_PKCS11_PIN_FILE, unless the URI names a file',
    example: '',
    expected: 'pkcs11:token=LABEL;object=LABEL;type=secret-key?module-path=/PATH',
    secret: true, // somebody may have put the PIN into it
    read: parseMasterKeyUri,
  }),
  ESIM_PKI_DIR: setting({
    about: 'Folder of certificates and keys, with the file names of SGP.26 or a manifest.json',
    example: './data/pki',
    ...path,
  }),
  ESIM_PKI_STRICT: setting({
    about:
      '1: refuses what is otherwise only a warning: an expired CI, invalid serial numbers of certificates, EIDs with wrong check digits',
    byDefault: '0',
    ...flag,
  }),
  ESIM_PKCS11_PIN_FILE: setting({
    about:
      'File with the PIN of the PKCS#11 token that has signing keys (docs/guide/hsm.md). A pin-source in the URI of a key comes first',
    example: '',
    ...path,
  }),
  ESIM_PKCS11_PIN: setting({
    about: 'The PIN itself, if no file has it; other processes of the same user can read it there',
    example: '',
    secret: true,
    expected: '1 to 256 characters',
    read: (text) => (text.length <= 256 ? text : undefined),
  }),
  ESIM_PKCS11_TIMEOUT_MS: setting({
    about: 'How long a token may take for a signature; then the phone is asked to try again later',
    byDefault: '5000',
    ...number(100, 60_000, 'milliseconds'),
  }),
  ESIM_PKCS11_SESSIONS: setting({
    about: 'Signatures that a token computes at the same time, for each process of the server',
    byDefault: '4',
    ...number(1, 64, 'a number'),
  }),
  ESIM_HTTP_HOST: setting({
    about: 'Address on which the REST API listens; others than loopback need TLS (see ESIM_HTTP_CERT)',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_HTTP_PORT: setting({
    about: 'Port of the REST API; 0 selects a free port',
    byDefault: '8080',
    ...port,
  }),
  ESIM_HTTP_CERT: setting({
    about:
      'PEM file with the TLS certificate of the REST API and its chain; without it the REST API uses plain HTTP. A changed file is read again',
    example: '',
    ...path,
  }),
  ESIM_HTTP_KEY: setting({
    about: 'PEM file with the private key of that certificate',
    example: '',
    ...path,
  }),
  ESIM_HTTP_BEHIND_TLS: setting({
    about:
      '1: the REST API may use plain HTTP outside loopback, because a proxy in front terminates TLS and is the only one that can reach the port',
    byDefault: '0',
    ...flag,
  }),
  ESIM_INSTALL_URL: setting({
    about:
      'Public address of the install pages for customers (https://host/i/…), as their phones reach it; by default that of the port that serves them',
    example: '',
    expected:
      'an address such as https://esim.example.com, with :port if it is not 443; http:// in labs. Without a path',
    read: parseOrigin,
  }),
  ESIM_INSTALL_HOST: setting({
    about:
      'Address on which the install pages have a port of their own (ESIM_INSTALL_PORT). They use TLS as the REST API does',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_INSTALL_PORT: setting({
    about:
      'Port that serves install pages and nothing else, so that the REST API need not face the Internet; 0 selects a free port. Without it they are on the port of the REST API',
    example: '',
    ...port,
  }),
  ESIM_RATE_INSTALL_PER_ADDRESS: setting({
    about: 'Calls of install pages per IPv4 address or IPv6 /64; 0: no limit',
    byDefault: '600',
    ...number(0, 100_000_000, 'calls per minute'),
  }),
  ESIM_ES9_HOST: setting({
    about: 'Address on which ES9+ listens for phones; 0.0.0.0 or :: accepts phones on other machines',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_ES9_PORT: setting({ about: 'Port of ES9+; 0 selects a free port', byDefault: '8443', ...port }),
  ESIM_ES9_TLS: setting({
    about: '0: ES9+ uses plain HTTP, because a proxy in front terminates TLS with the DPtls certificate',
    byDefault: '1',
    ...flag,
  }),
  ESIM_ES2_HOST: setting({
    about:
      'Address on which ES2+ listens for operators, which use TLS client certificates (esim operator create)',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_ES2_PORT: setting({
    about: 'Port of ES2+; by default the port of ES9+ plus one; 0 selects a free port',
    example: '8444',
    ...port,
  }),
  ESIM_ES2_CERT_PROXIES: setting({
    about:
      'Addresses and networks of proxies that terminate TLS of ES2+ and send the certificate of the operator in the header Client-Cert; only for operators with a pinned certificate',
    example: '',
    expected: 'IP addresses or networks, such as 192.0.2.7,10.0.0.0/8',
    read: parseProxyList,
  }),
  ESIM_METRICS_HOST: setting({
    about:
      'Address on which metrics for Prometheus are served at /metrics; others than loopback need ESIM_METRICS_TOKEN',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_METRICS_PORT: setting({
    about: 'Port of the metrics, such as 9464; 0 selects a free port. Without it there are no metrics',
    example: '',
    ...port,
  }),
  ESIM_METRICS_TOKEN: setting({
    about:
      'Bearer token that a request for metrics must have; without it everybody who reaches the port may read them',
    example: '',
    secret: true,
    ...matching('16 to 256 visible ASCII characters', /^[\x21-\x7e]{16,256}$/),
  }),
  ESIM_METRICS_PROFILE_TYPES: setting({
    about:
      'Types of profiles whose stock has a line of its own in the metrics, with its name; the stock of all others is one line',
    byDefault: '50',
    ...number(0, 1000, 'a number'),
  }),
  ESIM_SMDP_ADDRESS: setting({
    about:
      'SM-DP+ address in activation codes: a host name, in labs with a port (comparisons ignore the port)',
    example: 'localhost:8443',
    expected: 'a host name, with :port in labs, without scheme or path',
    read: parseSmdpAddress,
  }),
  ESIM_DEMO: setting({
    about: '1: the first start creates an account and demo profiles (npm start sets this)',
    byDefault: '0',
    ...flag,
  }),
  ESIM_BOOTSTRAP_USER_ID: setting({
    about: 'x-user-id of the account that the first start creates; by default it is generated',
    example: 'demo',
    ...matching("1 to 64 letters, digits, '.', '_' and '-'", /^[A-Za-z0-9._-]{1,64}$/),
  }),
  ESIM_BOOTSTRAP_API_KEY: setting({
    about: 'x-api-key of that account; by default it is generated',
    example: '',
    secret: true,
    ...matching('1 to 256 visible ASCII characters', /^[\x21-\x7e]{1,256}$/),
  }),
  ESIM_WEBHOOK_ALLOW_PRIVATE: setting({
    about:
      '1: webhooks may use private networks and plain HTTP; for labs. The demo allows it unless this is 0',
    example: '0',
    ...flag,
  }),
  ESIM_UPSTREAM_ALLOW_PRIVATE: setting({
    about: '1: upstreams may be in private networks. The demo allows it unless this is 0',
    example: '0',
    ...flag,
  }),
  ESIM_CORE_ALLOW_PRIVATE: setting({
    about:
      '1: core networks may be in private networks, and keys go to them without TLS if their program has none. The demo allows it unless this is 0',
    example: '0',
    ...flag,
  }),
  ESIM_CORE_FILES: setting({
    about:
      'Folder for the files of core networks that take a file. They have keys that are not sealed. Without it there are no such core networks; the demo has core-networks in its data folder',
    example: '',
    ...path,
  }),
  ESIM_DNS_SERVERS: setting({
    about: 'DNS servers for the host names of webhooks, operators, upstreams and core networks',
    byDefault: 'system',
    expected: 'system, or IP addresses, with a port if it is not 53: 192.0.2.53,[2001:db8::53]:5353',
    read: parseDnsServers,
  }),
  ESIM_SMTP_URL: setting({
    about:
      'Mail server that takes the mail of this server: smtp:// uses STARTTLS, smtps:// TLS from the beginning. Without it there is no mail. User and password are percent-encoded in it',
    example: '',
    secret: true,
    expected: 'smtp://user:password@host:587, or smtps://user:password@host:465',
    read: parseSmtpUrl,
  }),
  ESIM_SMTP_PASSWORD: setting({
    about: 'The password of the user in ESIM_SMTP_URL, if it is not there',
    example: '',
    secret: true,
    ...matching('1 to 512 characters', /^[^\p{Cc}]{1,512}$/u),
  }),
  ESIM_SMTP_STARTTLS: setting({
    about:
      'Whether mail needs STARTTLS: required, optional (if the mail server offers it) or off. By default required if there is a user, and optional otherwise',
    example: '',
    expected: `one of ${startTlsModes.join(', ')}`,
    read: (text) => startTlsModes.find((mode) => mode === text),
  }),
  ESIM_SMTP_CA: setting({
    about:
      'PEM file with the authority that issued the certificate of the mail server, if Node does not know it',
    example: '',
    ...path,
  }),
  ESIM_MAIL_FROM: setting({
    about: 'Sender of all mail; the mail server must let this server send as that address',
    example: '',
    expected: 'a mail address, such as esim@example.com or Example eSIM <esim@example.com>',
    read: parseSender,
  }),
  ESIM_MAIL_ALERTS_TO: setting({
    about:
      'Mail addresses that get alerts about the server: certificates that end in 30, 14, 7 days and 1 day. Accounts choose their own recipients',
    example: '',
    expected: 'mail addresses with commas between them',
    read: parseAddresses,
  }),
  ESIM_MAIL_PER_MINUTE: setting({
    about: 'Mails that leave in a minute at most',
    byDefault: '120',
    ...number(60, 6000, 'a number'),
  }),
  ESIM_KEEP_EVENTS: setting({
    about:
      'How long events are kept; by default for ever. Not shorter than ESIM_KEEP_DELIVERIES. Events that wait for their delivery stay',
    example: '',
    ...number(1, 36_500, 'days'),
  }),
  ESIM_KEEP_AUDIT: setting({
    about:
      'How long entries of the audit log are kept; by default for ever. Not shorter than ESIM_KEEP_EVENTS, because they say which events lost their content',
    example: '',
    ...number(1, 36_500, 'days'),
  }),
  ESIM_ARCHIVE: setting({
    about:
      'Folder to which old events, audit entries, deliveries and attempts to download are written before they are deleted: a file of JSON lines for each of these, day and server. Without it they are gone',
    example: '',
    ...path,
  }),
  ESIM_KEEP_DELIVERIES: setting({
    about: 'How long the deliveries to webhooks and operators, and mails, are kept',
    byDefault: '30',
    ...number(1, 3650, 'days'),
  }),
  ESIM_KEEP_SESSIONS: setting({
    about:
      'How long the attempts to download (`esim session`), with the journal of their calls, are kept after they have expired',
    byDefault: '1',
    ...number(0, 3650, 'days'),
  }),
  ESIM_AUDIT_ANCHOR_MINUTES: setting({
    about: 'How often the state of the audit log and the events is signed: see `esim audit verify`',
    byDefault: '60',
    ...number(1, 1440, 'minutes'),
  }),
  ESIM_AUDIT_ANCHOR_FILE: setting({
    about:
      'File to which these signatures are appended too; best on another machine, where lines are only added',
    example: '',
    ...path,
  }),
  ESIM_AUDIT_ANCHOR_WEBHOOK_URL: setting({
    about:
      'Address to which these signatures are sent too, in messages as those of webhooks, so that somebody else has them',
    example: '',
    secret: true,
    expected: 'an address such as https://log-host.example.com/anchors; http:// in labs',
    read: parseAnchorUrl,
  }),
  ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET: setting({
    about: 'Secret that signs these messages (Standard Webhooks 1.0)',
    example: '',
    secret: true,
    expected: 'whsec_ and base64 of 24 to 64 random octets',
    read: parseSecret,
  }),
  ESIM_LOG_LEVEL: setting({
    about: 'Lowest level of the log lines on stderr',
    byDefault: 'info',
    expected: `one of ${logLevels.join(', ')}`,
    read: (text) => logLevels.find((level) => level === text),
  }),
  ESIM_LOG_IDENTIFIERS: setting({
    about:
      '1: log lines and traces name ICCIDs and EIDs. Without it they have the ids of requests and transactions only, by which the API finds both',
    byDefault: '0',
    ...flag,
  }),
  ESIM_SESSION_SECONDS: setting({
    about: 'Longest time between two calls of a download',
    byDefault: '300',
    ...number(1, 86_400, 'seconds'),
  }),
  ESIM_RESULT_SECONDS: setting({
    about: 'Longest time until the result of an installation arrives',
    byDefault: '604800',
    ...number(60, 31_536_000, 'seconds'),
  }),
  ESIM_DOWNLOAD_ATTEMPTS: setting({
    about: 'How often the download of one order may be started',
    byDefault: '10',
    ...number(1, 1000, 'a number'),
  }),
  ESIM_CONFIRMATION_CODE_ATTEMPTS: setting({
    about: 'How many wrong confirmation codes one order accepts',
    byDefault: '5',
    ...number(1, 100, 'a number'),
  }),
  ESIM_ES9_BODY_KB: setting({
    about: 'Largest request that ES9+ and ES2+ accept, in kilobytes',
    byDefault: '64',
    ...number(8, 4096, 'kilobytes'),
  }),
  ESIM_REQUEST_SECONDS: setting({
    about: 'Longest time in which a request must arrive completely',
    byDefault: '30',
    ...number(1, 600, 'seconds'),
  }),
  ESIM_RATE_PER_KEY: setting({
    about: 'Calls of the REST API per API key; 0: no limit',
    byDefault: '30000',
    ...number(0, 100_000_000, 'calls per minute'),
  }),
  ESIM_RATE_PER_ADDRESS: setting({
    about: 'Calls of the REST API per IPv4 address or IPv6 /64, with any key; 0: no limit',
    byDefault: '60000',
    ...number(0, 100_000_000, 'calls per minute'),
  }),
  ESIM_RATE_PER_UPSTREAM: setting({
    about:
      'Reports of downloads that an upstream sends (ES2+.HandleDownloadProgressInfo); those above it are answered 503 with Retry-After, and sent again by the vendor; 0: no limit',
    byDefault: '6000',
    ...number(0, 100_000_000, 'reports per minute'),
  }),
  ESIM_CODE_ATTEMPTS_PER_EUICC: setting({
    about:
      'Wrong activation codes and confirmation codes per eUICC at ES9+; 0: no limit. Under a test CI only the limit per address applies',
    byDefault: '10',
    ...number(0, 1_000_000, 'wrong codes per minute'),
  }),
  ESIM_CODE_ATTEMPTS_PER_ADDRESS: setting({
    about:
      'Wrong activation codes and confirmation codes per IPv4 address or IPv6 /64 at ES9+; above it all eUICCs there must wait; 0: no limit',
    byDefault: '1000',
    ...number(0, 1_000_000, 'wrong codes per minute'),
  }),
  ESIM_CONSOLE_URL: setting({
    about:
      'Public address of the console (without /console), as browsers reach it. Passkeys are bound to its host name, so without it there are passkeys on localhost only. With another host name, all passkeys end',
    example: '',
    expected: 'an address such as https://rsp.example.com, with :port if it is not 443. Without a path',
    read: parseOrigin,
  }),
  ESIM_OIDC_ISSUER: setting({
    about:
      'OpenID provider at which people can sign in to the console: its issuer. It needs ESIM_CONSOLE_URL; register that address with /console/openid/callback as the redirect URI',
    example: '',
    expected: 'an https address, such as https://id.example.com/realms/main; http:// on this machine only',
    read: parseIssuer,
  }),
  ESIM_OIDC_CLIENT_ID: setting({
    about: 'The id of this server at the OpenID provider',
    example: '',
    ...matching('1 to 256 visible characters', /^[!-~]{1,256}$/),
  }),
  ESIM_OIDC_CLIENT_SECRET: setting({
    about:
      'The secret of this server at the OpenID provider; without it the server is a public client, with PKCE only',
    example: '',
    secret: true,
    ...matching('1 to 1024 visible characters', /^[!-~]{1,1024}$/),
  }),
  ESIM_OIDC_SCOPES: setting({
    about: 'What is asked of the OpenID provider; more if the claim in ESIM_OIDC_ROLE_CLAIM needs it',
    byDefault: 'openid email profile',
    ...matching(
      'words with spaces between them, openid among them',
      /^(?=(?:.* )?openid(?: |$))[!-~ ]{1,256}$/,
    ),
  }),
  ESIM_OIDC_NAME: setting({
    about: 'What people call the OpenID provider, for the button; by default its host name',
    example: '',
    ...matching('1 to 40 characters', /^[^\p{C}]{1,40}$/u),
  }),
  ESIM_OIDC_ACCOUNT: setting({
    about: 'The account whose people sign in at the OpenID provider',
    example: '',
    ...matching('the id of an account', /^[!-~]{1,256}$/),
  }),
  ESIM_OIDC_ROLE_CLAIM: setting({
    about:
      'The claim that decides the role, such as groups. Without it only invited people sign in, with the role of their invitation; with it, everybody who has a value of ESIM_OIDC_ROLES',
    example: '',
    ...matching('the name of a claim', /^[!-~]{1,128}$/),
  }),
  ESIM_OIDC_ROLES: setting({
    about: 'The role of each value of ESIM_OIDC_ROLE_CLAIM; of several, the one that may do most',
    example: '',
    expected: 'value=role with commas between them, such as esim-admins=admin,help-desk=support',
    read: parseRoleMap,
  }),
  ESIM_SIGN_IN_IDLE_HOURS: setting({
    about: 'A session in the console ends when it was not used for this time',
    byDefault: '12',
    ...number(1, 720, 'hours'),
  }),
  ESIM_SIGN_IN_DAYS: setting({
    about: 'A session in the console ends after this time, however much it is used',
    byDefault: '7',
    ...number(1, 90, 'days'),
  }),
  ESIM_SIGN_IN_ATTEMPTS: setting({
    about:
      'Wrong attempts to sign in to the console per IPv4 address or IPv6 /64, and five times as many for one account, counted by all servers of the database together; 0: no limit',
    byDefault: '10',
    ...number(0, 1_000_000, 'attempts per minute'),
  }),
  ESIM_TRUST_PROXY: setting({
    about:
      'Proxies that send the IP address of the client in X-Forwarded-For (REST, and ES9+ with ESIM_ES9_TLS=0). 1: those on loopback and private addresses',
    byDefault: '0',
    expected: '0, 1, or a list of IP addresses and networks such as 192.0.2.1,10.0.0.0/8,2001:db8::/32',
    read: parseProxies,
  }),
  ESIM_PROXY_PROTOCOL: setting({
    about:
      'Proxies that pass TLS of ES9+ and ES2+ on and send the IP address of the client by the PROXY protocol (version 1 or 2). They must send it on every connection. 1: those on loopback and private addresses',
    byDefault: '0',
    expected: '0, 1, or a list of IP addresses and networks such as 192.0.2.1,10.0.0.0/8,2001:db8::/32',
    read: parseProxies,
  }),
  ESIM_MAX_CONNECTIONS: setting({
    about:
      'Connections that each of REST, ES9+ and ES2+ accepts; a low limit of open files (ulimit -n) lowers it',
    byDefault: '10000',
    ...number(1, 1_000_000, 'connections'),
  }),
  ESIM_MAX_CONNECTIONS_PER_ADDRESS: setting({
    about: 'Of them, connections per IPv4 address or IPv6 /64; the proxies of ESIM_TRUST_PROXY may have more',
    byDefault: '2000',
    ...number(1, 1_000_000, 'connections'),
  }),
  ESIM_MAX_WAIT_MS: setting({
    about:
      'How long a request, or a TLS handshake, may wait for those before it. A request that has waited longer gets 503 with Retry-After; instead of a handshake the connection is closed',
    byDefault: '1000',
    ...number(10, 60_000, 'milliseconds'),
  }),
  ESIM_MAX_IN_PROGRESS: setting({
    about:
      'Requests that each of REST, ES9+ and ES2+ works on at the same time; more get 503 with Retry-After',
    byDefault: '1000',
    ...number(1, 1_000_000, 'requests'),
  }),
  ESIM_IDEMPOTENCY_HOURS: setting({
    about: 'How long a repeated Idempotency-Key receives the stored answer of the first request',
    byDefault: '24',
    ...number(1, 8760, 'hours'),
  }),
  ESIM_DRAIN_SECONDS: setting({
    about: 'How long a stopping server waits for the requests that it is serving',
    byDefault: '10',
    ...number(1, 600, 'seconds'),
  }),
} as const;

/** Whether the value of a setting may also be in a file, which the variable with `_FILE` at its end names. */
export function hasSecretFile(key: string): boolean {
  const { secret }: Setting<unknown> = settings[key as keyof typeof settings];
  return secret === true && !Object.hasOwn(settings, `${key}_FILE`);
}

/** The text of .env.example: every variable with its default, commented out. */
export function envExample(): string {
  const blocks = Object.entries(settings).map(([key, entry]: [string, Setting<unknown>]) =>
    [
      `# ${entry.about}`,
      `# Expected: ${entry.expected}`,
      ...(hasSecretFile(key) ? [`# Or the name of a file that has only this value: ${key}_FILE=`] : []),
      `# ${key}=${entry.byDefault ?? entry.example}`,
    ].join('\n'),
  );
  return [
    '# Copy this file to .env, and remove the # from the lines that you change. npm start reads .env.',
    ...blocks,
    '',
  ].join('\n\n');
}
