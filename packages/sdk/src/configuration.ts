/** The names of the API's two credentials: the headers of requests, and the arguments of `apiKey`. */
export const CREDENTIALS = ['x-user-id', 'x-api-key'] as const;
export type Credential = (typeof CREDENTIALS)[number];

/** Gives the value of a credential: `x-user-id` or `x-api-key`. */
export type ApiKeySource = (name: string) => string | Promise<string>;

/** Anything else that every request should have: headers, `credentials`, `cache` … */
export type BaseOptions = Omit<RequestInit, 'method' | 'body' | 'signal'>;

export interface ConfigurationParameters {
  /** Called with `x-user-id` and `x-api-key` before each request; a string goes into both headers. */
  apiKey?: string | ApiKeySource;
  /** The URL of the API; default: `http://127.0.0.1:8080/api/v1/esim`. */
  basePath?: string;
  /** Milliseconds that one attempt may take; default: 30 000; 0: no limit. */
  timeout?: number;
  /** How often a GET is tried again when the server is busy or cannot be reached; default: 2. */
  retries?: number;
  /** Used in place of the global `fetch`. */
  fetch?: typeof globalThis.fetch;
  baseOptions?: BaseOptions;
}

/** The URL of the API and the credentials. No printed form shows a key that is a string. */
export class Configuration {
  readonly apiKey: ApiKeySource | undefined;
  readonly basePath: string;
  readonly timeout: number;
  readonly retries: number;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly baseOptions: BaseOptions;

  constructor(parameters: ConfigurationParameters = {}) {
    const { apiKey, basePath = 'http://127.0.0.1:8080/api/v1/esim' } = parameters;
    this.apiKey = typeof apiKey === 'string' ? () => apiKey : apiKey;
    this.basePath = basePath.replace(/\/+$/, '');
    this.timeout = milliseconds(parameters.timeout ?? 30_000);
    this.retries = retryCount(parameters.retries ?? 2);
    this.fetch = parameters.fetch;
    this.baseOptions = parameters.baseOptions ?? {};
  }
}

/** Checks a time-out. */
export function milliseconds(timeout: number): number {
  if (timeout >= 0) return timeout;
  throw new RangeError(`timeout is a number of milliseconds, 0 or more; it is ${timeout}.`);
}

/** Checks a number of retries. */
export function retryCount(retries: number): number {
  if (Number.isInteger(retries) && retries >= 0) return retries;
  throw new RangeError(`retries is a whole number, 0 or more; it is ${retries}.`);
}
