import type { KeyUri, TokenAttributes } from '@esim-rsp/server/keys/token/key-uri';
import { TokenError } from '@esim-rsp/server/keys/token/process';
import { createToken, type Token } from '@esim-rsp/server/keys/token/token';
import { PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import type { Command } from 'commander';
import { CliError } from '../command.ts';
import { localConfig } from '../local.ts';
import { readOpenedPki } from './sealed.ts';

/** The options that name a token. */
export type TokenSelection = {
  readonly module: string;
  readonly token?: string;
  readonly serial?: string;
  readonly pinFile?: string;
};

/** Adds the options that name a token and its PIN. */
export function tokenOptions(command: Command): Command {
  return command
    .requiredOption('--module <path>', 'the PKCS#11 module: the library of the maker of the token')
    .option('--token <label>', 'label of the token')
    .option('--serial <number>', 'serial number of the token, where several have the same label')
    .option('--pin-file <file>', 'file with the PIN; default: ESIM_PKCS11_PIN_FILE or ESIM_PKCS11_PIN');
}

export function attributesOf({ token, serial }: TokenSelection): TokenAttributes {
  return { ...(token !== undefined && { token }), ...(serial !== undefined && { serial }) };
}

type Place = Pick<KeyUri, 'modulePath' | 'pinFile'> & {
  readonly which: TokenAttributes;
  readonly writes?: boolean;
};

/** Uses a token, and closes it. Its errors become those of the command. */
export async function withToken<T>(
  { pinFile, ...place }: Place,
  use: (token: Token) => Promise<T>,
): Promise<T> {
  const token = createToken({
    ...localConfig().token,
    ...place,
    sessions: 1,
    ...(pinFile !== undefined && { pinFile }),
  });
  try {
    return await explain(use(token));
  } finally {
    token.close();
  }
}

/** Errors of tokens and of PKI folders become those of the command. */
export async function explain<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof TokenError || error instanceof PkiError) throw new CliError(error.message);
    throw error;
  }
}

/** The files of a PKI folder that must be there, with their sealed keys opened. */
export async function pkiFilesIn(directory: string): Promise<PkiFiles> {
  const files = await explain(readOpenedPki(directory));
  if (files === undefined)
    throw new CliError(`there is no PKI in ${directory}: put the certificate of the CI there first`);
  return files;
}
