import { readFile } from 'node:fs/promises';
import { type ActivationCode, parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { activationCodeInText } from '@esim-rsp/sgp22/value/pasted-activation-code';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { PNG } from 'pngjs';
import decodeQr from 'qr/decode.js';
import { CliError } from '../command.ts';

/** Reads an activation code: its text as people paste it, an installation link, or the PNG file of its QR code. */
export async function activationCodeFrom(input: string): Promise<ActivationCode> {
  const code = activationCodeInText(input);
  if (code !== undefined) return parseCode(code, code);
  const file = await readFile(input).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      `${input} is neither an activation code (LPA:1$…) nor a file that can be read (${error.code})`,
      2,
    );
  });
  return parseCode(qrTextIn(input, file), `the QR code in ${input}`);
}

function parseCode(text: string, source: string): ActivationCode {
  try {
    return parseActivationCode(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new CliError(`${source} cannot be used: ${error.message}`, 2);
  }
}

const FILE_BYTES = 10_000_000;
const PIXELS = 20_000_000;

/** The text of the QR code in a PNG file. */
export function qrTextIn(name: string, file: Buffer): string {
  if (file.length > FILE_BYTES) throw new CliError(`${name} is too large for the image of a QR code`, 2);
  try {
    if (file.readUInt32BE(16) * file.readUInt32BE(20) > PIXELS) throw new Error('it has too many pixels');
    const { width, height, data } = PNG.sync.read(file);
    return decodeQr({ width, height, data }, { timeLimit: 5000 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${name} is not a PNG image with a readable QR code: ${reason}`, 2);
  }
}
