import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Limits } from '@esim-rsp/smdp/env';
import type { AnchorWebhook } from '../delivery/webhooks/anchor-channel.ts';
import type { KeepDays } from '../jobs/cut-logs.ts';
import type { KeyUri } from '../keys/token/key-uri.ts';
import type { TokenSettings } from '../keys/token/token.ts';
import type { Networks } from '../limits/networks.ts';
import type { OpenIdSettings } from '../rest/openid/provider.ts';
import type { PostgresOptions } from '../store/postgres/connection/options.ts';
import { type MailSettings, readMailSettings } from './mail/settings.ts';
import { readOpenIdSettings } from './openid/settings.ts';
import { hasSecretFile, type LogLevel, type Setting, settings } from './settings.ts';

/** The configuration of the server, from environment variables. */
export type Config = {
  readonly dataDir: string;
  /** Processes that share the work. */
  readonly workers: number;
  /** PostgreSQL. Absent: SQLite in the data folder. */
  readonly database?: PostgresOptions;
  /** Absent: a file in the data folder. */
  readonly masterKey?: MasterKeySetting;
  readonly pkiDir: string;
  /** Refuses doubtful certificates instead of logging a warning. */
  readonly pkiStrict: boolean;
  /** For signing keys in PKCS#11 tokens. */
  readonly token: TokenSettings;
  readonly httpHost: string;
  readonly httpPort: number;
  /** The files of the TLS certificate of REST and of its key. Absent: plain HTTP. */
  readonly httpTls?: { readonly cert: string; readonly key: string };
  /** Whether a proxy terminates TLS in front of REST. */
  readonly httpBehindTls: boolean;
  /** The pages for customers. `url`: their public address, if it is not that of their port. `port` is absent: they are on that of REST. */
  readonly install: { readonly url?: string; readonly host: string; readonly port?: number };
  readonly es9Host: string;
  readonly es9Port: number;
  readonly es2Host: string;
  readonly es2Port: number;
  /** Proxies that terminate TLS of ES2+ and send the certificate of the operator. */
  readonly es2CertProxies?: Networks;
  /** false: plain HTTP, because a proxy ends TLS. */
  readonly es9Tls: boolean;
  /** Absent: localhost with the port of ES9+. */
  readonly smdpAddress?: string;
  readonly demo: boolean;
  /** Whether webhooks may use private networks and plain HTTP. */
  readonly upstreamAllowPrivate: boolean;
  readonly coreAllowPrivate: boolean;
  /** The folder of the files for core networks; absent: none are written. */
  readonly coreFiles?: string;
  readonly webhookAllowPrivate: boolean;
  /** Empty: those of the system. */
  readonly dnsServers: readonly string[];
  /** Absent: the server sends no mail. */
  readonly mail?: MailSettings;
  /** Days; absent: for ever. */
  readonly keep: KeepDays & { readonly deliveries: number; readonly sessions: number };
  /** The folder of what is deleted from the logs. Absent: it is not kept. */
  readonly archive?: string;
  /** How often the heads of the logs are signed, and the file and the webhook that get the anchors. */
  readonly anchors: { readonly minutes: number; readonly file?: string; readonly webhook?: AnchorWebhook };
  readonly bootstrap: { readonly userId?: string; readonly apiKey?: string };
  readonly logLevel: LogLevel;
  /** Whether log lines and traces name ICCIDs and EIDs. */
  readonly logIdentifiers: boolean;
  /** Absent: there are no metrics. */
  readonly metrics?: {
    readonly host: string;
    readonly port: number;
    /** The caller must send it. */
    readonly token?: string;
    /** Types of profiles that have a line of their own. */
    readonly profileTypes: number;
  };
  readonly limits: Limits;
  /** Per minute; 0: no limit. */
  readonly rates: {
    readonly perKey: number;
    readonly perAddress: number;
    /** Of the pages for customers. */
    readonly installPerAddress: number;
    /** Reports of each upstream. */
    readonly perUpstream: number;
    readonly codeAttemptsPerEuicc: number;
    readonly codeAttemptsPerAddress: number;
    /** The proxies that may say in X-Forwarded-For where a request comes from. */
    readonly proxies: Networks;
  };
  /** Proxies that pass TLS of ES9+ and ES2+ on and send a PROXY protocol header. */
  readonly proxyProtocol: Networks;
  /** Of each interface. */
  readonly connections: { readonly total: number; readonly perAddress: number };
  /** Milliseconds that a request may wait, and requests in progress, of each interface; more are refused. */
  readonly load: { readonly waitMs: number; readonly inProgress: number };
  /** Absent: people do not sign in at an OpenID provider. */
  readonly openid?: OpenIdSettings;
  /** Of people in the console. */
  readonly signIn: {
    /** The public address of the console, without a path. */
    readonly url?: string;
    /** Hours without use after which a session ends. */
    readonly idleHours: number;
    /** Days after which it ends in any case. */
    readonly days: number;
    /** Wrong attempts a minute; 0: no limit. */
    readonly attempts: number;
  };
  readonly idempotencyHours: number;
  readonly es9BodyBytes: number;
  /** The time to receive one request. */
  readonly requestSeconds: number;
  /** How long a stopping server waits for requests in progress. */
  readonly drainSeconds: number;
  /** Problems that do not prevent the start, one sentence each. */
  readonly warnings: readonly string[];
};

/** Where the master key is, which wraps the keys of stored secrets. */
export type MasterKeySetting =
  | { readonly base64: string }
  | { readonly file: string }
  | { readonly command: string }
  /** In a PKCS#11 token. */
  | { readonly uri: KeyUri; readonly token: TokenSettings };

/** Settings with wrong values. The message lists each one with the expected value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the environment cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

type Key = keyof typeof settings;
type ValueOf<K extends Key> = (typeof settings)[K] extends Setting<infer T> ? T : never;
type Environment = Readonly<Record<string, string | undefined>>;

/** Keys that the command line reads from the same environment. */
const clientKeys = ['ESIM_URL', 'ESIM_USER_ID', 'ESIM_API_KEY'];
const secretKeys = Object.keys(settings).filter(hasSecretFile);

/** The variables that name a file with a secret, such as ESIM_DATABASE_URL_FILE: containers get secrets as files. */
const secretFileKeys: readonly string[] = secretKeys.map((key) => `${key}_FILE`);
/** What a file of deploy/ has where you must write your own value. */
const PLACEHOLDER = 'REPLACE-ME';
/** The server itself sets it for its workers: the number of each. */
export const WORKER_VARIABLE = 'ESIM_WORKER';

/** Reads the settings; throws a ConfigError that lists every wrong one. An empty value counts as absent. */
export function readConfig(environment: Environment): Config {
  const { env, problems } = readSecretFiles(environment);
  const read = <K extends Key>(key: K): ValueOf<K> | undefined => {
    const { byDefault } = settings[key] as Setting<ValueOf<K>>;
    const text = env[key] || byDefault;
    if (text === undefined) return undefined;
    if (text.includes(PLACEHOLDER))
      problems.push(`${key} still has the placeholder ${PLACEHOLDER}: replace it`);
    const value = parseSetting(settings[key] as Setting<ValueOf<K>>, text);
    if (value === undefined) problems.push(describeProblem(key, text));
    return value;
  };
  const mail = mailSettings(read, (problem) => problems.push(problem));
  const built = buildConfig(read, env);
  const openid = openIdSettings(read, built.signIn.url, (problem) => problems.push(problem));
  const config = { ...built, ...(mail && { mail }), ...(openid && { openid }) };
  problems.push(
    ...findSharedPorts(config),
    ...findShortKeeping(config.keep),
    ...findHalfPairs(env),
    ...findManyMasterKeys(env),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** The environment with the secrets that are in files, and the files that cannot be used. */
function readSecretFiles(environment: Environment): {
  readonly env: Environment;
  readonly problems: string[];
} {
  const problems: string[] = [];
  const secrets = secretKeys.flatMap((key) => {
    const file = environment[`${key}_FILE`];
    if (!file) return [];
    if (environment[key]) problems.push(`${key} and ${key}_FILE are both set: one of them is expected`);
    try {
      return [[key, readFileSync(file, 'utf8').trim()] as const];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      problems.push(`${key}_FILE is ${JSON.stringify(file)}: a file that can be read is expected (${code})`);
      return [];
    }
  });
  return { env: { ...environment, ...Object.fromEntries(secrets) }, problems };
}

function findSharedPorts({
  es9Port,
  httpPort,
  es2Port,
  es9Host,
  httpHost,
  es2Host,
  metrics,
  install,
}: Config): string[] {
  const places = [
    ['ESIM_ES9_PORT', es9Host, es9Port],
    ['ESIM_HTTP_PORT', httpHost, httpPort],
    ['ESIM_ES2_PORT', es2Host, es2Port],
    ...(metrics ? [['ESIM_METRICS_PORT', metrics.host, metrics.port] as const] : []),
    ...(install.port === undefined ? [] : [['ESIM_INSTALL_PORT', install.host, install.port] as const]),
  ] as const;
  return places.flatMap(([key, host, port], i) =>
    places
      .slice(i + 1)
      .filter((other) => other[1] === host && other[2] === port && port > 0)
      .map((other) => `${key} and ${other[0]} are both ${port}: two different ports are expected`),
  );
}

const pairs = [
  ['ESIM_HTTP_CERT', 'ESIM_HTTP_KEY', 'a certificate and its key are expected'],
  [
    'ESIM_AUDIT_ANCHOR_WEBHOOK_URL',
    'ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET',
    "an address and a secret are expected, such as whsec_ and the output of 'openssl rand -base64 32'",
  ],
] as const;

function findHalfPairs(env: Environment): string[] {
  return pairs.flatMap(([one, other, expected]) =>
    !env[one] === !env[other] ? [] : [`${env[one] ? other : one} is not set: ${expected}`],
  );
}

function findShortKeeping({ event, audit, deliveries }: Config['keep']): string[] {
  const problems: string[] = [];
  if (event !== undefined && event < deliveries)
    problems.push(
      `ESIM_KEEP_EVENTS is ${event}, and ESIM_KEEP_DELIVERIES is ${deliveries}: as many days are expected, or more, because a delivery that is sent again needs its event`,
    );
  if (audit !== undefined && audit < (event ?? Number.POSITIVE_INFINITY))
    problems.push(
      `ESIM_KEEP_AUDIT is ${audit}, and ESIM_KEEP_EVENTS is ${event ?? 'not set (for ever)'}: as many days are expected, or more, because the audit log says which events lost their content`,
    );
  return problems;
}

const masterKeys = [
  'ESIM_MASTER_KEY',
  'ESIM_MASTER_KEY_FILE',
  'ESIM_MASTER_KEY_COMMAND',
  'ESIM_MASTER_KEY_URI',
] as const;

function findManyMasterKeys(env: Environment): string[] {
  const set = masterKeys.filter((key) => env[key]);
  return set.length > 1 ? [`${set.join(' and ')} are set: one of them is expected`] : [];
}

function readMasterKey(read: <K extends Key>(key: K) => ValueOf<K> | undefined): Pick<Config, 'masterKey'> {
  const [base64, file, command, uri] = [
    read('ESIM_MASTER_KEY'),
    read('ESIM_MASTER_KEY_FILE'),
    read('ESIM_MASTER_KEY_COMMAND'),
    read('ESIM_MASTER_KEY_URI'),
  ];
  if (base64 !== undefined) return { masterKey: { base64 } };
  if (file !== undefined) return { masterKey: { file: resolve(file) } };
  if (uri !== undefined) return { masterKey: { uri, token: tokenSettings(read) } };
  return command === undefined ? {} : { masterKey: { command } };
}

/** A required value that is missing here is in the list of problems, so `readConfig` throws before anyone uses it. */
function buildConfig(read: <K extends Key>(key: K) => ValueOf<K> | undefined, env: Environment): Config {
  const required = <K extends Key>(key: K) => read(key) as ValueOf<K>;
  const dataDir = resolve(read('ESIM_DATA_DIR') ?? '');
  const es9Port = required('ESIM_ES9_PORT');
  const smdpAddress = read('ESIM_SMDP_ADDRESS');
  const userId = read('ESIM_BOOTSTRAP_USER_ID');
  const apiKey = read('ESIM_BOOTSTRAP_API_KEY');
  const demo = required('ESIM_DEMO');
  const es2CertProxies = read('ESIM_ES2_CERT_PROXIES');
  const [cert, key] = [read('ESIM_HTTP_CERT'), read('ESIM_HTTP_KEY')];
  const database = databaseOptions(read);
  const archive = read('ESIM_ARCHIVE');
  const coreFiles = read('ESIM_CORE_FILES') ?? (demo ? join(dataDir, 'core-networks') : undefined);
  return {
    dataDir,
    workers: required('ESIM_WORKERS'),
    ...(database !== undefined && { database }),
    ...readMasterKey(read),
    pkiDir: resolve(read('ESIM_PKI_DIR') ?? join(dataDir, 'pki')),
    pkiStrict: required('ESIM_PKI_STRICT'),
    token: tokenSettings(read),
    httpHost: required('ESIM_HTTP_HOST'),
    httpPort: required('ESIM_HTTP_PORT'),
    ...(cert !== undefined && key !== undefined && { httpTls: { cert: resolve(cert), key: resolve(key) } }),
    httpBehindTls: required('ESIM_HTTP_BEHIND_TLS'),
    install: readInstall(read),
    es9Host: required('ESIM_ES9_HOST'),
    es9Port,
    es2Host: required('ESIM_ES2_HOST'),
    es2Port: read('ESIM_ES2_PORT') ?? (es9Port > 0 && es9Port < 65_535 ? es9Port + 1 : 0),
    ...(es2CertProxies !== undefined && { es2CertProxies }),
    es9Tls: required('ESIM_ES9_TLS'),
    ...(smdpAddress !== undefined && { smdpAddress }),
    demo,
    upstreamAllowPrivate: read('ESIM_UPSTREAM_ALLOW_PRIVATE') ?? demo,
    coreAllowPrivate: read('ESIM_CORE_ALLOW_PRIVATE') ?? demo,
    webhookAllowPrivate: read('ESIM_WEBHOOK_ALLOW_PRIVATE') ?? demo,
    dnsServers: required('ESIM_DNS_SERVERS'),
    keep: readKeepDays(read),
    ...(archive !== undefined && { archive: resolve(archive) }),
    ...(coreFiles !== undefined && { coreFiles: resolve(coreFiles) }),
    anchors: anchorSettings(read),
    bootstrap: { ...(userId !== undefined && { userId }), ...(apiKey !== undefined && { apiKey }) },
    logLevel: required('ESIM_LOG_LEVEL'),
    logIdentifiers: required('ESIM_LOG_IDENTIFIERS'),
    ...readMetrics(read),
    limits: {
      sessionSeconds: required('ESIM_SESSION_SECONDS'),
      resultSeconds: required('ESIM_RESULT_SECONDS'),
      downloadAttempts: required('ESIM_DOWNLOAD_ATTEMPTS'),
      confirmationCodeAttempts: required('ESIM_CONFIRMATION_CODE_ATTEMPTS'),
    },
    rates: {
      perKey: required('ESIM_RATE_PER_KEY'),
      perAddress: required('ESIM_RATE_PER_ADDRESS'),
      installPerAddress: required('ESIM_RATE_INSTALL_PER_ADDRESS'),
      perUpstream: required('ESIM_RATE_PER_UPSTREAM'),
      codeAttemptsPerEuicc: required('ESIM_CODE_ATTEMPTS_PER_EUICC'),
      codeAttemptsPerAddress: required('ESIM_CODE_ATTEMPTS_PER_ADDRESS'),
      proxies: required('ESIM_TRUST_PROXY'),
    },
    signIn: readSignIn(read),
    proxyProtocol: required('ESIM_PROXY_PROTOCOL'),
    connections: {
      total: required('ESIM_MAX_CONNECTIONS'),
      perAddress: required('ESIM_MAX_CONNECTIONS_PER_ADDRESS'),
    },
    load: { waitMs: required('ESIM_MAX_WAIT_MS'), inProgress: required('ESIM_MAX_IN_PROGRESS') },
    idempotencyHours: required('ESIM_IDEMPOTENCY_HOURS'),
    es9BodyBytes: required('ESIM_ES9_BODY_KB') * 1024,
    requestSeconds: required('ESIM_REQUEST_SECONDS'),
    drainSeconds: required('ESIM_DRAIN_SECONDS'),
    warnings: findWarnings(env),
  };
}

function anchorSettings(read: <K extends Key>(key: K) => ValueOf<K> | undefined): Config['anchors'] {
  const file = read('ESIM_AUDIT_ANCHOR_FILE');
  const [url, secret] = [read('ESIM_AUDIT_ANCHOR_WEBHOOK_URL'), read('ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET')];
  return {
    minutes: read('ESIM_AUDIT_ANCHOR_MINUTES') ?? 0,
    ...(file !== undefined && { file: resolve(file) }),
    ...(url !== undefined && secret !== undefined && { webhook: { url, secret } }),
  };
}

function tokenSettings(read: <K extends Key>(key: K) => ValueOf<K> | undefined): TokenSettings {
  const [pin, pinFile] = [read('ESIM_PKCS11_PIN'), read('ESIM_PKCS11_PIN_FILE')];
  return {
    ...(pin !== undefined && { pin }),
    ...(pinFile !== undefined && { pinFile: resolve(pinFile) }),
    timeoutMs: read('ESIM_PKCS11_TIMEOUT_MS') ?? 0,
    sessions: read('ESIM_PKCS11_SESSIONS') ?? 0,
  };
}

function mailSettings(
  read: <K extends Key>(key: K) => ValueOf<K> | undefined,
  report: (problem: string) => void,
): MailSettings | undefined {
  const variables = {
    url: read('ESIM_SMTP_URL'),
    password: read('ESIM_SMTP_PASSWORD'),
    startTls: read('ESIM_SMTP_STARTTLS'),
    ca: read('ESIM_SMTP_CA'),
    from: read('ESIM_MAIL_FROM'),
    alertsTo: read('ESIM_MAIL_ALERTS_TO'),
    perMinute: read('ESIM_MAIL_PER_MINUTE') ?? 0,
  };
  return readMailSettings(variables, report);
}

function openIdSettings(
  read: <K extends Key>(key: K) => ValueOf<K> | undefined,
  consoleUrl: string | undefined,
  report: (problem: string) => void,
): OpenIdSettings | undefined {
  const variables = {
    issuer: read('ESIM_OIDC_ISSUER'),
    clientId: read('ESIM_OIDC_CLIENT_ID'),
    clientSecret: read('ESIM_OIDC_CLIENT_SECRET'),
    scopes: read('ESIM_OIDC_SCOPES') ?? '',
    name: read('ESIM_OIDC_NAME'),
    account: read('ESIM_OIDC_ACCOUNT'),
    roleClaim: read('ESIM_OIDC_ROLE_CLAIM'),
    roleMap: read('ESIM_OIDC_ROLES'),
    consoleUrl,
  };
  return readOpenIdSettings(variables, report);
}

function databaseOptions(
  read: <K extends Key>(key: K) => ValueOf<K> | undefined,
): PostgresOptions | undefined {
  const required = <K extends Key>(key: K) => read(key) as ValueOf<K>;
  const [url, directUrl] = [read('ESIM_DATABASE_URL'), read('ESIM_DATABASE_DIRECT_URL')];
  const others = {
    connections: required('ESIM_DATABASE_CONNECTIONS'),
    prepare: required('ESIM_DATABASE_PREPARE'),
    statementMs: required('ESIM_DATABASE_STATEMENT_MS'),
    lockMs: required('ESIM_DATABASE_LOCK_MS'),
    waitMs: required('ESIM_DATABASE_WAIT_MS'),
  };
  return url === undefined ? undefined : { url, ...(directUrl !== undefined && { directUrl }), ...others };
}

function readKeepDays(read: <K extends Key>(key: K) => ValueOf<K> | undefined): Config['keep'] {
  const [event, audit] = [read('ESIM_KEEP_EVENTS'), read('ESIM_KEEP_AUDIT')];
  return {
    ...(event !== undefined && { event }),
    ...(audit !== undefined && { audit }),
    deliveries: read('ESIM_KEEP_DELIVERIES') as number,
    sessions: read('ESIM_KEEP_SESSIONS') as number,
  };
}

function readInstall(read: <K extends Key>(key: K) => ValueOf<K> | undefined): Config['install'] {
  const [url, port] = [read('ESIM_INSTALL_URL'), read('ESIM_INSTALL_PORT')];
  return {
    host: read('ESIM_INSTALL_HOST') ?? '',
    ...(url !== undefined && { url }),
    ...(port !== undefined && { port }),
  };
}

function readSignIn(read: <K extends Key>(key: K) => ValueOf<K> | undefined): Config['signIn'] {
  const required = <K extends Key>(key: K) => read(key) as ValueOf<K>;
  const url = read('ESIM_CONSOLE_URL');
  return {
    ...(url !== undefined && { url }),
    idleHours: required('ESIM_SIGN_IN_IDLE_HOURS'),
    days: required('ESIM_SIGN_IN_DAYS'),
    attempts: required('ESIM_SIGN_IN_ATTEMPTS'),
  };
}

function readMetrics(read: <K extends Key>(key: K) => ValueOf<K> | undefined): Pick<Config, 'metrics'> {
  const [host, port] = [read('ESIM_METRICS_HOST') ?? '', read('ESIM_METRICS_PORT')];
  const [token, profileTypes] = [read('ESIM_METRICS_TOKEN'), read('ESIM_METRICS_PROFILE_TYPES') ?? 0];
  if (port === undefined) return {};
  return { metrics: { host, port, profileTypes, ...(token !== undefined && { token }) } };
}

function parseSetting<T>({ read }: Setting<T>, text: string): T | undefined {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function describeProblem(key: Key, text: string): string {
  const { expected, secret }: Setting<unknown> = settings[key];
  return `${key} is ${secret ? 'not usable' : JSON.stringify(text)}: ${expected} is expected`;
}

/**
 * Unknown keys cause only a warning: for a Service with the name esim, Kubernetes sets variables such as `ESIM_SERVICE_HOST` in every
 * container, and they must not prevent the start.
 */
function findWarnings(env: Environment): string[] {
  const unknown = Object.keys(env).filter(
    (key) =>
      key.startsWith('ESIM_') &&
      !Object.hasOwn(settings, key) &&
      ![...clientKeys, ...secretFileKeys, WORKER_VARIABLE].includes(key),
  );
  const warnings = unknown.map((key) => `${key} is not a setting of this server and is ignored`);
  const key = env.ESIM_BOOTSTRAP_API_KEY;
  if (key && key.length < 16)
    warnings.push('ESIM_BOOTSTRAP_API_KEY has less than 16 characters: it can be guessed');
  return warnings;
}
