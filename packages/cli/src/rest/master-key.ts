import { CliError } from '../command.ts';
import { contentOf } from './parameters.ts';

/** Reads the master key from a file or stdin. An option would show it in shell histories and process lists. */
export async function readMasterKey(file: string): Promise<string> {
  const digits = (await contentOf(file)).toString('utf8').trim();
  if (/^[0-9a-f]{32}$/i.test(digits)) return digits;
  throw new CliError(`${file} does not contain a master key: 32 hexadecimal digits are expected`, 2);
}
