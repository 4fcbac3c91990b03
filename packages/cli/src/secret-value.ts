import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from './command.ts';
import { note } from './output.ts';

/** How every option for a secret is written, for its help. */
export const SECRET_FORMS = '@FILE, or - to type it or read a line of stdin';

/**
 * Reads the value of an option for a secret: `@FILE` is the content of a file; `-` asks at the terminal without showing what is typed,
 * or without a terminal takes the next line of stdin. Anything else is the secret itself: others can read it in the process list, so
 * there is a warning. Errors never quote a secret.
 */
export async function readSecret(flag: string, value: string): Promise<string> {
  if (value === '-') return process.stdin.isTTY ? prompt(flag) : nextLine(flag);
  if (value.startsWith('@')) return contentOf(flag, value.slice(1));
  note(
    `warning: the process list and the shell history show the value of ${flag}; use ${flag} @FILE or ${flag} -`,
  );
  return value;
}

/** The same for an option that may be absent. */
export async function readOptionalSecret(
  flag: string,
  value: string | undefined,
): Promise<string | undefined> {
  return value === undefined ? undefined : readSecret(flag, value);
}

async function contentOf(flag: string, file: string): Promise<string> {
  try {
    return filled(flag, (await readFile(file, 'utf8')).replace(/^\ufeff/, '').trim());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof CliError || code === undefined) throw error;
    throw new CliError(`the file of ${flag}, ${file}, cannot be read (${code})`, 2);
  }
}

let lines: Promise<string[]> | undefined;

/** Several options can be -: each takes one line, in their order. */
async function nextLine(flag: string): Promise<string> {
  lines ??= text(process.stdin).then((all) => all.split(/\r?\n/));
  return filled(flag, ((await lines).shift() ?? '').trim());
}

function filled(flag: string, secret: string): string {
  if (secret !== '') return secret;
  throw new CliError(`there is no value for ${flag}: its file, or its line of stdin, is empty`, 2);
}

const CTRL_C = '\u0003';

/** Reads one line from the terminal without an echo. */
function prompt(flag: string): Promise<string> {
  const { stdin } = process;
  process.stderr.write(`${flag.replace(/^--/, '')} (not shown): `);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = () => {
      stdin.off('data', take).setRawMode(false).pause();
      process.stderr.write('\n');
    };
    const take = (keys: string) => {
      for (const key of keys) {
        if (key === CTRL_C) {
          end();
          return reject(new CliError(`${flag} was not entered`));
        }
        if (key === '\r' || key === '\n') {
          end();
          return typed === '' ? reject(new CliError(`there is no value for ${flag}`, 2)) : resolve(typed);
        }
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', take);
  });
}
