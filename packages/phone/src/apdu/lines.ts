import type { Readable } from 'node:stream';
import { PhoneError } from '../phone-error.ts';

/** In characters: twice the longest answer of a server as hexadecimal text. */
const MAX_LINE = 16_000_000;

/** The lines of a stream without their line ends; the last line may have none. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.replace(/\r$/, '');
    if (rest.length > MAX_LINE) throw new PhoneError('program', 'a line of the program is too long');
  }
  if (rest !== '') yield rest;
}
