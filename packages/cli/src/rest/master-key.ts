import { CliError } from '../command.ts';
import { contentOf } from './parameters.ts';

/** The master key in a file, or on stdin: not an option's value, which shells and process lists show. */
export async function masterKeyIn(file: string): Promise<string> {
  const digits = (await contentOf(file)).toString('utf8').trim();
  if (/^[0-9a-f]{32}$/i.test(digits)) return digits;
  throw new CliError(`${file} does not hold a master key: 32 hexadecimal digits are expected`, 2);
}
