import { Resolver } from 'node:dns';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import { parseProxies, parseProxyList } from '../limits/networks.ts';
import { isPostgresUrl } from '../store/postgres/connection/hosts.ts';

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
  ESIM_DNS_SERVERS: setting({
    about: 'DNS servers for the host names of webhooks and operators',
    byDefault: 'system',
    expected: 'system, or IP addresses, with a port if it is not 53: 192.0.2.53,[2001:db8::53]:5353',
    read: parseDnsServers,
  }),
  ESIM_DELIVERY_DAYS: setting({
    about: 'How long the deliveries to webhooks and operators are kept',
    byDefault: '30',
    ...number(1, 3650, 'days'),
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
  ESIM_SESSION_KEEP_HOURS: setting({
    about: "How long 'esim session' shows a download session after it has expired",
    byDefault: '24',
    ...number(0, 8760, 'hours'),
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
