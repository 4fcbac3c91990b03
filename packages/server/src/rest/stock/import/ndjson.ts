import { parseBoundedJson } from '../../../limits/bounded-json.ts';
import { takeTurn } from '../../../limits/turns.ts';
import { damagesIn, neededOf, sentenceOf } from './damage.ts';
import { faultOf, type Line, linesOf } from './lines.ts';
import type { ReadRows, Row, RowContent } from './row.ts';

/** One body of createEUICCProfile per line; empty lines are skipped. */
export const readNdjson: ReadRows = (pieces) => readLines(pieces, neededOf(false));

/** The same about profiles that an upstream has. */
export const readUpstreamNdjson: ReadRows = (pieces) => readLines(pieces, neededOf(true));

async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  needed: readonly string[],
): AsyncGenerator<readonly Row[]> {
  for await (const lines of linesOf(pieces)) {
    const rows: Row[] = [];
    for (const line of lines) {
      if (line.text?.trim() === '') continue;
      await takeTurn();
      rows.push(rowOf(line, needed));
    }
    if (rows.length > 0) yield rows;
  }
}

/** Nothing of the line is quoted: it may hold keys. */
function rowOf(source: Line, needed: readonly string[]): Row {
  const { line, text = '' } = source;
  const fault = faultOf(source);
  if (fault !== undefined) return { line, fault };
  if (/^\s*[[{]\s*$|^\s*\[/.test(text))
    return { line, fault: 'is a list or a part of an object: each line must be one whole JSON object' };
  const body = jsonIn(text);
  return { line, ...(body === undefined ? { fault: 'is not JSON' } : contentOf(body.value, needed)) };
}

/** undefined: it is not JSON. */
function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseBoundedJson(text) };
  } catch {
    return undefined;
  }
}

/** The body, unless its parameters are wrong: that is said in the same words as of a spreadsheet. */
function contentOf(body: unknown, needed: readonly string[]): RowContent {
  const { parameters, profile_package } = (body ?? {}) as Partial<Record<string, unknown>>;
  if (typeof parameters !== 'object' || parameters === null || profile_package !== undefined) return { body };
  const damages = damagesIn(parameters as Readonly<Record<string, unknown>>, needed);
  if (damages.length === 0) return { body };
  const { iccid } = parameters as { readonly iccid?: unknown };
  return {
    fault: sentenceOf(damages),
    errors: damages.map(({ name, message }) => ({ field: `/parameters/${name}`, message })),
    ...(typeof iccid === 'string' && /^89\d{17,18}$/.test(iccid) && { iccid }),
  };
}
