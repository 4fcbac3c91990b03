import { ApiError, Configuration, ConnectionError, ESIMRSPApi } from '@esim-rsp/sdk';
import { readCredentials } from '@esim-rsp/server/credentials';
import { CliError } from '../command.ts';
import { localConfig } from '../local.ts';
import type { ApiOptions } from './options.ts';

/** Asks the server; a refusal or a silence ends the command with the reason and what to do. */
export async function asking<T>(options: ApiOptions, ask: (api: ESIMRSPApi) => Promise<T>): Promise<T> {
  const { url, userId, apiKey } = await accessFor(options);
  const configuration = new Configuration({
    basePath: `${url.replace(/\/+$/, '')}/api/v1/esim`,
    apiKey: (name) => (name === 'x-user-id' ? userId : apiKey),
  });
  try {
    return await ask(new ESIMRSPApi(configuration));
  } catch (error) {
    throw cliErrorOf(error, url);
  }
}

type Access = { readonly url: string; readonly userId: string; readonly apiKey: string };

/** Flags, then the environment, then what the demo start left in the data folder; each by itself. */
async function accessFor(options: ApiOptions): Promise<Access> {
  const { ESIM_URL, ESIM_USER_ID, ESIM_API_KEY } = process.env;
  const given = {
    url: options.url || ESIM_URL,
    userId: options.userId || ESIM_USER_ID,
    apiKey: options.apiKey || ESIM_API_KEY,
  };
  const whole = given.url && given.userId && given.apiKey;
  const saved = whole ? undefined : await readCredentials(localConfig().dataDir);
  const access = {
    url: given.url ?? saved?.url,
    userId: given.userId ?? saved?.userId,
    apiKey: given.apiKey ?? saved?.apiKey,
  };
  const names = { url: 'ESIM_URL', userId: 'ESIM_USER_ID', apiKey: 'ESIM_API_KEY' } as const;
  const missing = Object.entries(names).filter(([member]) => !access[member as keyof Access]);
  if (missing.length > 0)
    throw new CliError(
      `${missing.map(([, name]) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: set ${missing.length === 1 ? 'it' : 'them'}, or run this where 'npm start' keeps its data folder`,
      2,
    );
  return access as Access;
}

function cliErrorOf(error: unknown, url: string): unknown {
  if (error instanceof ConnectionError)
    return new CliError(
      `${error.message}\n  Is the server running? 'npm start' starts it; --url or ESIM_URL says where it is (now ${url})`,
    );
  if (!(error instanceof ApiError)) return error;
  const id = error.requestId === undefined ? '' : `, request ${error.requestId}`;
  const advice =
    error.status === 401 ? '\n  Check ESIM_USER_ID and ESIM_API_KEY, or --user-id and --api-key' : '';
  return new CliError(`${error.message} (${error.status} ${error.code}${id})${advice}`);
}
