import type { ESIMRSPApi, GeneratedSubscription } from '@esim-rsp/sdk';
import { CliError } from '../command.ts';
import { askApi } from './ask-api.ts';
import { newKeysFile } from './keys-file.ts';
import type { RestOptions } from './options.ts';

/** As many as the API makes at a time. */
const TOGETHER = 250;

export type GenerateOptions = RestOptions & { readonly count: number; readonly keys: string };

/** Makes `count` of them behind the first `made`; resolves to the secrets that are told of them. */
type Generate = (api: ESIMRSPApi, count: number, made: number) => Promise<readonly GeneratedSubscription[]>;

/** Makes as many as are asked for, some at a time; resolves to how many secrets are in the new file. When it fails, it says what there is. */
export async function generateMany(options: GenerateOptions, generate: Generate): Promise<number> {
  const { keys } = options;
  const file = newKeysFile(keys);
  let made = 0;
  try {
    await askApi(options, async (api) => {
      while (made < options.count) {
        const count = Math.min(TOGETHER, options.count - made);
        file.write(await generate(api, count, made));
        made += count;
      }
    });
    return file.count;
  } catch (error) {
    if (!(error instanceof CliError) || made === 0) throw error;
    const where = file.count > 0 ? `; their keys are in ${keys}` : '';
    throw new CliError(`${error.message}\n  ${made} are in stock${where}`);
  } finally {
    file.close();
  }
}
