import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One key of the environment. */
export type Setting<T> = {
  readonly about: string;
  /** Used for an absent or empty value, written as in the environment; absent: it follows from other keys. */
  readonly byDefault?: string;
  /** What stands in .env.example when there is no default. */
  readonly example?: string;
  readonly secret?: true;
  readonly expected: string;
  /** undefined, or a ValueError: it is not what was expected. */
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

/** Every key of the environment that the server reads: the one place that says what it means and what it may be. */
export const settings = {
  ESIM_DATA_DIR: setting({
    about: 'Folder of the database, the test PKI and the credentials for the command line',
    byDefault: './data',
    ...path,
  }),
  ESIM_PKI_DIR: setting({
    about: 'Folder of certificates and keys, named as in SGP.26 or by a manifest.json',
    example: './data/pki',
    ...path,
  }),
  ESIM_HTTP_HOST: setting({ about: 'Where the REST API listens', byDefault: '127.0.0.1', ...host }),
  ESIM_HTTP_PORT: setting({
    about: 'Port of the REST API; 0 takes any free one',
    byDefault: '8080',
    ...port,
  }),
  ESIM_ES9_HOST: setting({
    about: 'Where ES9+ listens for phones; 0.0.0.0 or :: lets them in from other machines',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_ES9_PORT: setting({ about: 'Port of ES9+; 0 takes any free one', byDefault: '8443', ...port }),
  ESIM_ES9_TLS: setting({
    about: '0: ES9+ speaks plain HTTP because a proxy in front ends TLS with the DPtls certificate',
    byDefault: '1',
    ...flag,
  }),
  ESIM_ES2_HOST: setting({
    about: 'Where ES2+ listens for operators, who show a TLS certificate of their own (esim operator create)',
    byDefault: '127.0.0.1',
    ...host,
  }),
  ESIM_ES2_PORT: setting({
    about: 'Port of ES2+, one above that of ES9+ if absent; 0 takes any free one',
    example: '8444',
    ...port,
  }),
  ESIM_SMDP_ADDRESS: setting({
    about: 'SM-DP+ address in activation codes: a host name, with a port in labs (comparisons pass over it)',
    example: 'localhost:8443',
    expected: 'a host name, with :port in labs, without scheme or path',
    read: parseSmdpAddress,
  }),
  ESIM_DEMO: setting({
    about: '1: the first start makes an account and demo profiles (npm start sets it)',
    byDefault: '0',
    ...flag,
  }),
  ESIM_BOOTSTRAP_USER_ID: setting({
    about: 'x-user-id of the account that the first start makes, instead of a drawn one',
    example: 'demo',
    ...matching("1 to 64 letters, digits, '.', '_' and '-'", /^[A-Za-z0-9._-]{1,64}$/),
  }),
  ESIM_BOOTSTRAP_API_KEY: setting({
    about: 'x-api-key of that account, instead of a drawn one',
    example: '',
    secret: true,
    ...matching('1 to 256 visible ASCII characters', /^[\x21-\x7e]{1,256}$/),
  }),
  ESIM_WEBHOOK_ALLOW_PRIVATE: setting({
    about:
      '1: webhooks may go into private networks and by plain HTTP; for labs, and so in the demo unless it is 0',
    example: '0',
    ...flag,
  }),
  ESIM_DELIVERY_DAYS: setting({
    about: 'How long it can be looked up what was sent to webhooks and operators',
    byDefault: '30',
    ...number(1, 3650, 'days'),
  }),
  ESIM_LOG_LEVEL: setting({
    about: `How much is logged to stderr: ${logLevels.join(', ')}`,
    byDefault: 'info',
    expected: `one of ${logLevels.join(', ')}`,
    read: (text) => logLevels.find((level) => level === text),
  }),
  ESIM_SESSION_SECONDS: setting({
    about: 'How long a phone may take between two calls of a download',
    byDefault: '300',
    ...number(1, 86_400, 'seconds'),
  }),
  ESIM_RESULT_SECONDS: setting({
    about: 'How long the result of an installation may take to arrive',
    byDefault: '604800',
    ...number(60, 31_536_000, 'seconds'),
  }),
  ESIM_SESSION_KEEP_HOURS: setting({
    about: "How long a download session can be looked at with 'esim session' after it has expired",
    byDefault: '24',
    ...number(0, 8760, 'hours'),
  }),
  ESIM_DOWNLOAD_ATTEMPTS: setting({
    about: 'How often the download of one order may be started',
    byDefault: '10',
    ...number(1, 1000, 'a number'),
  }),
  ESIM_CONFIRMATION_CODE_ATTEMPTS: setting({
    about: 'How often a confirmation code may be tried',
    byDefault: '5',
    ...number(1, 100, 'a number'),
  }),
  ESIM_ES9_BODY_KB: setting({
    about: 'The largest request that ES9+ and ES2+ take, in kilobytes',
    byDefault: '64',
    ...number(8, 4096, 'kilobytes'),
  }),
  ESIM_REQUEST_SECONDS: setting({
    about: 'How long one request may take to arrive',
    byDefault: '30',
    ...number(1, 600, 'seconds'),
  }),
  ESIM_RATE_PER_KEY: setting({
    about: 'How often an API key may call the REST API; 0 for no limit',
    byDefault: '30000',
    ...number(0, 100_000_000, 'calls a minute'),
  }),
  ESIM_RATE_PER_ADDRESS: setting({
    about: 'How often an address may call the REST API, whatever its keys; 0 for no limit',
    byDefault: '60000',
    ...number(0, 100_000_000, 'calls a minute'),
  }),
  ESIM_GUESSES_PER_ADDRESS: setting({
    about:
      'How many wrong activation codes and confirmation codes an address may try at ES9+; 0 for no limit',
    byDefault: '60',
    ...number(0, 1_000_000, 'wrong codes a minute'),
  }),
  ESIM_TRUST_PROXY: setting({
    about: '1: a proxy in front says in X-Forwarded-For where calls come from',
    byDefault: '0',
    ...flag,
  }),
  ESIM_IDEMPOTENCY_HOURS: setting({
    about: 'How long a request that is sent again with its Idempotency-Key is answered as the first time',
    byDefault: '24',
    ...number(1, 8760, 'hours'),
  }),
  ESIM_DRAIN_SECONDS: setting({
    about: 'How long requests under way may take to end when the server is stopped',
    byDefault: '10',
    ...number(1, 600, 'seconds'),
  }),
} as const;

/** The text of .env.example: every key with its default, so that a copy changes nothing. */
export function envExample(): string {
  const blocks = Object.entries(settings).map(([key, entry]: [string, Setting<unknown>]) =>
    [
      `# ${entry.about}`,
      `# Expected: ${entry.expected}`,
      `# ${key}=${entry.byDefault ?? entry.example}`,
    ].join('\n'),
  );
  return ['# Copy to .env and take the # from what you change; npm start reads it.', ...blocks, ''].join(
    '\n\n',
  );
}
