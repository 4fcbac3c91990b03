import { baseUrl } from './base-url.ts';
import { type ApiKeySource, credentialIn } from './credentials.ts';

/** More options of every request: headers, `credentials`, `cache` … */
export type BaseOptions = Omit<RequestInit, 'method' | 'body' | 'signal'>;

/** Receives a line of text for each event: `console`, for example, or the logger of the program. */
export interface Logger {
  debug(message: string): void;
  warn(message: string): void;
}

export interface ConfigurationParameters {
  /** The account; default: the environment variable `ESIM_USER_ID`. */
  userId?: string;
  /**
   * The API key, or a function that returns `x-user-id` and `x-api-key` before each request; default: the environment variable
   * `ESIM_API_KEY`. Without a user id, a string is sent as both.
   */
  apiKey?: string | ApiKeySource;
  /**
   * A host or URL of the server, such as `rsp.example.com`, or the URL of its API; default: the environment variable
   * `ESIM_BASE_URL`.
   */
  baseURL?: string;
  /** The URL of the API, exactly as it is used; default: `http://127.0.0.1:8080/api/v1/esim`. */
  basePath?: string;
  /** Milliseconds per attempt; default 30 000; 0 for no limit. */
  timeout?: number;
  /** How often a request that is safe to repeat is sent again when the server is busy or cannot be reached; default 2. */
  retries?: number;
  /** Used instead of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
  baseOptions?: BaseOptions;
  /** Receives a warning for each retry and each interrupted stream. */
  logger?: Logger | undefined;
  /** Whether the logger, by default the console, also receives each request and each answer. */
  debug?: boolean;
}

/** The URL of the API, the credentials and the defaults of all calls. No printed form shows a key that is a string. */
export class Configuration {
  declare readonly apiKey: ApiKeySource;
  declare readonly basePath: string;
  declare readonly timeout: number;
  declare readonly retries: number;
  declare readonly fetch: typeof globalThis.fetch | undefined;
  declare readonly baseOptions: BaseOptions;
  declare readonly logger: Logger | undefined;
  declare readonly debug: boolean;

  constructor(parameters: ConfigurationParameters = {}) {
    const { baseURL, basePath, debug = false } = parameters;
    const { apiKey = variable('ESIM_API_KEY') } = parameters;
    // A function answers for both credentials, so the environment does not add to it.
    const { userId = typeof apiKey === 'string' ? (variable('ESIM_USER_ID') ?? apiKey) : '' } = parameters;
    this.apiKey = (name) => credentialIn(name, userId, apiKey);
    const server = variable('ESIM_BASE_URL') ?? '127.0.0.1:8080';
    const url = baseURL === undefined && basePath !== undefined ? basePath : baseUrl(baseURL ?? server);
    this.basePath = url.replace(/\/+$/, '');
    this.timeout = milliseconds(parameters.timeout ?? 30_000);
    this.retries = retryCount(parameters.retries ?? 2);
    this.fetch = parameters.fetch;
    this.baseOptions = parameters.baseOptions ?? {};
    this.logger = parameters.logger ?? (debug ? globalThis.console : undefined);
    this.debug = debug;
  }
}

/** An environment variable; browsers have none. */
function variable(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name]?.trim() || undefined;
}

/** Checks a time-out. */
export function milliseconds(timeout: number): number {
  return checked(timeout >= 0, 'timeout is a number of milliseconds', timeout);
}

/** Checks a number of retries. */
export function retryCount(retries: number): number {
  return checked(Number.isInteger(retries) && retries >= 0, 'retries is a whole number', retries);
}

function checked(isRight: boolean, rule: string, value: number): number {
  if (isRight) return value;
  throw new RangeError(`${rule}, 0 or more; it is ${value}.`);
}
