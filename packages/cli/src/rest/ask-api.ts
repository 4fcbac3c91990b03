import { ApiError, Configuration, ConnectionError, ESIMRSPApi, RequiredError } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { accessFor } from './access.ts';
import type { RestOptions } from './options.ts';

/** Calls the REST API of the selected server. A failure ends the command with the reason and what to do. */
export async function askApi<T>(options: RestOptions, work: (api: ESIMRSPApi) => Promise<T>): Promise<T> {
  const { url, userId, apiKey } = await accessFor(options);
  const basePath = `${url}/api/v1/esim`;
  const keyOf = (name: string) => (name === 'x-user-id' ? userId : apiKey);
  try {
    return await work(new ESIMRSPApi(new Configuration({ basePath, apiKey: keyOf })));
  } catch (error) {
    throw explainError(error, url);
  }
}

function explainError(error: unknown, url: string): unknown {
  if (error instanceof ApiError) {
    const { message, code, status, requestId } = error;
    const hint = hintFor(error, url);
    return new CliError(message, 1, {
      code,
      status,
      ...(hint !== undefined && { hint }),
      ...(requestId !== undefined && { requestId }),
    });
  }
  if (error instanceof ConnectionError) {
    const todo =
      error.code === 'timeout' ? 'try again later' : "is the server running? Start it with 'npm start'";
    const hint = `${todo}; to use another server, set ESIM_URL`;
    return new CliError(error.message, 1, { code: error.code, hint });
  }
  if (error instanceof RequiredError) return new CliError(error.message, 2);
  return error;
}

function hintFor({ status, code }: ApiError, url: string): string | undefined {
  if (status === 401)
    return "check ESIM_USER_ID and ESIM_API_KEY; 'esim key create <user-id>' on the server's machine creates a new key";
  if (/^http_|^unexpected_answer$|^redirected$/.test(code))
    return `is ${url} the address of the server? Set ESIM_URL`;
  return undefined;
}
