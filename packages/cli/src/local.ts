import { type Config, ConfigError, readConfig } from '@esim-rsp/server/process/config';
import { CliError } from './command.ts';

/** Where the local data are, from the environment that the server reads too. */
export function localConfig(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 2);
    throw error;
  }
}
