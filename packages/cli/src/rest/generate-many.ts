import type { ESIMRSPApi, GeneratedSubscription } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { askApi } from './ask-api.ts';
import { newKeysFile } from './keys-file.ts';
import type { RestOptions } from './options.ts';

/** The most that the API creates in one call. */
const TOGETHER = 250;

export type GenerateOptions = RestOptions & { readonly count: number; readonly keys: string };

/** Creates `count` profiles after the first `created`. Resolves to the secrets in the answer. */
type Generate = (
  api: ESIMRSPApi,
  count: number,
  created: number,
) => Promise<readonly GeneratedSubscription[]>;

/** Creates profiles in several calls. Resolves to the number of secrets in the new file. An error says how many profiles exist by then. */
export async function generateMany(options: GenerateOptions, generate: Generate): Promise<number> {
  const { keys } = options;
  const file = newKeysFile(keys);
  let created = 0;
  try {
    await askApi(options, async (api) => {
      while (created < options.count) {
        const count = Math.min(TOGETHER, options.count - created);
        file.write(await generate(api, count, created));
        created += count;
      }
    });
    return file.count;
  } catch (error) {
    if (!(error instanceof CliError) || created === 0) throw error;
    const where = file.count > 0 ? `; their keys are in ${keys}` : '';
    throw new CliError(`${error.message}\n  ${created} profiles were created${where}`);
  } finally {
    file.close();
  }
}
