/** A key, or a function that returns the value of `x-api-key` and `x-user-id`. */
type ApiKey = string | Promise<string> | ((name: string) => string) | ((name: string) => Promise<string>);

/** Of other security schemes: taken, and never sent by the operations here. */
type AccessToken =
  | string
  | Promise<string>
  | ((name?: string, scopes?: string[]) => string)
  | ((name?: string, scopes?: string[]) => Promise<string>);

export interface ConfigurationParameters {
  /** A string goes into both headers; a function, possibly async, is called with `x-api-key` and `x-user-id`. */
  apiKey?: ApiKey | undefined;
  username?: string | undefined;
  password?: string | undefined;
  accessToken?: AccessToken | undefined;
  /** The URL of the API; default: `http://127.0.0.1:8080/api/v1/esim`. */
  basePath?: string | undefined;
  /** The axios configuration of every request. */
  // biome-ignore lint/suspicious/noExplicitAny: the generated type, which takes what any version of axios takes
  baseOptions?: any;
}

/** The URL of the API and the credentials. Changes of members apply from the next request on. */
export class Configuration implements ConfigurationParameters {
  apiKey?: ApiKey | undefined;
  username?: string | undefined;
  password?: string | undefined;
  accessToken?: AccessToken | undefined;
  basePath?: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  baseOptions?: any;

  constructor(param: ConfigurationParameters = {}) {
    this.apiKey = param.apiKey;
    this.username = param.username;
    this.password = param.password;
    this.accessToken = param.accessToken;
    this.basePath = param.basePath;
    this.baseOptions = param.baseOptions;
  }
}
