import { readFileSync } from 'node:fs';
import { CliError } from './command.ts';

/** The text of a file that an option names. */
export function fileText(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`the file of ${flag}, ${file}, cannot be read (${code})`, 2);
  }
}
