import { ApiError, AuthenticationError, ConnectionError, ESIMRSPApi, PermissionError } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { accessFor } from '../rest/access.ts';
import type { RestOptions } from '../rest/options.ts';
import { type Check, ok, problem } from './check.ts';

const NAME = 'credentials';

/** Whether the server accepts the credentials that commands use. */
export async function checkCredentials(options: RestOptions): Promise<Check> {
  try {
    const { url, userId, apiKey } = await accessFor(options);
    const api = new ESIMRSPApi({ userId, apiKey, baseURL: url, retries: 0 });
    return await tryKey(api, userId);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const [detail = '', ...advice] = error.message.split(': ');
    return problem(NAME, 'warning', detail, advice.join(': ') || 'set ESIM_USER_ID and ESIM_API_KEY');
  }
}

async function tryKey(api: ESIMRSPApi, userId: string): Promise<Check> {
  try {
    await api.listEUICCProfiles({ count: 1 });
    return ok(NAME, `the key of the account ${userId} is accepted`);
  } catch (error) {
    if (error instanceof PermissionError)
      return ok(NAME, `the key of the account ${userId} is accepted; it may not list profiles`);
    if (error instanceof AuthenticationError)
      return problem(
        NAME,
        'failed',
        error.message,
        "check ESIM_USER_ID and ESIM_API_KEY, or create a key with 'esim key create <user-id>'",
      );
    if (!(error instanceof ApiError) && !(error instanceof ConnectionError)) throw error;
    return problem(NAME, 'skipped', `they could not be tried: ${error.message}`, 'repair the server first');
  }
}
