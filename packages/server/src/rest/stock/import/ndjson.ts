import { parseBoundedJson } from '../../../limits/bounded-json.ts';
import { takeTurn } from '../../../limits/turns.ts';
import { faultOf, type Line, linesOf } from './lines.ts';
import type { ReadRows, Row } from './row.ts';

/** One body of createEUICCProfile per line; empty lines are skipped. */
export const readNdjson: ReadRows = async function* (pieces) {
  for await (const lines of linesOf(pieces)) {
    const rows: Row[] = [];
    for (const line of lines) {
      if (line.text?.trim() === '') continue;
      await takeTurn();
      rows.push(rowOf(line));
    }
    if (rows.length > 0) yield rows;
  }
};

/** Nothing of the line is quoted: it may hold keys. */
function rowOf(source: Line): Row {
  const { line, text = '' } = source;
  const fault = faultOf(source);
  if (fault !== undefined) return { line, fault };
  try {
    return { line, body: parseBoundedJson(text) };
  } catch {
    return { line, fault: 'is not JSON' };
  }
}
