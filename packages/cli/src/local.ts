import { type Config, ConfigError, readConfig } from '@esim-rsp/server/process/config';
import { CliError } from './command.ts';

/** The configuration of the server on this machine, from the same environment. */
export function localConfig(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 2);
    throw error;
  }
}
