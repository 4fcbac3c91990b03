import { readCredentials, type SavedCredentials } from '@esim-rsp/server/process/credentials';
import { runningServer } from '@esim-rsp/server/process/folder/running';
import { CliError } from '../command.ts';
import { localConfig } from '../local.ts';
import { readSecret } from '../secret-value.ts';
import type { RestOptions } from './options.ts';

const keys = { url: 'ESIM_URL', userId: 'ESIM_USER_ID', apiKey: 'ESIM_API_KEY' } as const;
const names = ['url', 'userId', 'apiKey'] as const;

/** The URL of the server from the option or the environment; undefined: neither has it. */
export function configuredUrl({ url }: Pick<RestOptions, 'url'>): string | undefined {
  const text = url || process.env[keys.url] || undefined;
  return text === undefined ? undefined : serverUrl(text);
}

/**
 * The URL and the credentials: each from its option, otherwise from the environment, otherwise from the file of the demo
 * server. The URL can also be that of the server that uses the data folder. Saved credentials are sent only to the server that saved them.
 */
export async function accessFor(options: RestOptions): Promise<SavedCredentials> {
  const configured = (name: keyof typeof keys) => options[name] || process.env[keys[name]] || undefined;
  const key = options.apiKey ? await readSecret('--api-key', options.apiKey) : configured('apiKey');
  const found = { url: configuredUrl(options), userId: configured('userId'), apiKey: key };
  const complete = names.every((name) => found[name] !== undefined);
  const file = complete ? undefined : await savedCredentials();
  const saved = file && (found.url === undefined || found.url === file.url) ? file : undefined;
  const {
    url = saved?.url ?? runningServer(localConfig().dataDir)?.restUrl,
    userId = saved?.userId,
    apiKey = saved?.apiKey,
  } = found;
  if (url === undefined || userId === undefined || apiKey === undefined) {
    throw missing({ url, userId, apiKey });
  }
  return {
    url,
    userId: checkHeader(userId, 'userId'),
    apiKey: checkHeader(apiKey, 'apiKey'),
  };
}

function missing(found: { readonly [name in keyof typeof keys]: string | undefined }): CliError {
  const variables = names.filter((name) => found[name] === undefined).map((name) => keys[name]);
  const advice =
    found.url === undefined
      ? "or start a demo server here with 'npm start'"
      : "or create a key on the server's machine with 'esim key create <user-id>'";
  const what =
    found.url === undefined ? 'the server or the credentials are' : `no credentials for ${found.url} are`;
  return new CliError(`${what} not known: set ${variables.join(', ')}, ${advice}`, 2);
}

async function savedCredentials(): Promise<SavedCredentials | undefined> {
  const { dataDir } = localConfig();
  try {
    return await readCredentials(dataDir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(
      `the credentials in ${dataDir} cannot be read (${code}): make them readable, or set ${names.map((name) => keys[name]).join(', ')}`,
    );
  }
}

/** The address of the server, also from the URL of the API that the banner shows. */
function serverUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search)
    throw new CliError("the server's URL must be http://host:port or https://host (--url, ESIM_URL)", 2);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api\/v1\/esim$/, '');
}

/** Checks that the text can be sent in a header. The error does not quote it. */
function checkHeader(text: string, name: 'userId' | 'apiKey'): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new CliError(
    `${keys[name]} has visible ASCII characters only: is there a space or a line break in it?`,
    2,
  );
}
