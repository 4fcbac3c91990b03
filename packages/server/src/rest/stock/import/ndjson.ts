import { faultOf, type Line, linesOf } from './lines.ts';
import type { ReadRows, Row } from './row.ts';

/** One body of createEUICCProfile per line; empty lines are skipped. */
export const readNdjson: ReadRows = async function* (pieces) {
  for await (const lines of linesOf(pieces))
    yield lines.filter(({ text }) => text === undefined || text.trim() !== '').map(rowOf);
};

/** Nothing of the line is quoted: it may hold keys. */
function rowOf(source: Line): Row {
  const { line, text = '' } = source;
  const fault = faultOf(source);
  if (fault !== undefined) return { line, fault };
  try {
    return { line, body: JSON.parse(text) };
  } catch {
    return { line, fault: 'is not JSON' };
  }
}
