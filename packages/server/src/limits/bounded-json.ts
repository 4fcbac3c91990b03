/** No message of these APIs has more: what is deeper or wider costs the process much more time than its length. */
const DEEPEST = 64;
const MOST_VALUES = 20_000;

/** Parses JSON; throws a SyntaxError for what is none, for more than 64 levels and for more than 20,000 values. */
export function parseBoundedJson(text: string): unknown {
  refuseExcess(text);
  return JSON.parse(text);
}

const STRUCTURE = /[[\]{},"]/g;

/** Throws a SyntaxError for too much of it. Counts brackets and commas outside strings; whether it is JSON is for the parser to say. */
export function refuseExcess(text: string): void {
  let depth = 0;
  let values = 0;
  const structure = new RegExp(STRUCTURE);
  for (let found = structure.exec(text); found !== null; found = structure.exec(text)) {
    const [sign] = found;
    if (sign === '"') structure.lastIndex = endOfString(text, found.index);
    else if (sign === ']' || sign === '}') depth -= 1;
    else {
      values += 1;
      if (sign !== ',') depth += 1;
    }
    if (depth > DEEPEST || values > MOST_VALUES)
      throw new SyntaxError(`JSON with more than ${DEEPEST} levels or ${MOST_VALUES} values is not read`);
  }
}

/** The position behind a string. A quote is part of it after an odd number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}
