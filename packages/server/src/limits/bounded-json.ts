/** No message of these APIs has more: what is deeper or wider costs the process much more time than its length. */
const DEEPEST = 64;
const MOST_VALUES = 20_000;

const [QUOTE, COMMA, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = Array.from('",[]{}', (sign) =>
  sign.charCodeAt(0),
);

/** Parses JSON; throws a SyntaxError for what is none, for more than 64 levels and for more than 20,000 values. */
export function parseBoundedJson(text: string): unknown {
  refuseExcess(text);
  return JSON.parse(text);
}

/** Throws a SyntaxError for too much of it. Counts brackets and commas outside strings; whether it is JSON is for the parser to say. */
export function refuseExcess(text: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfString(text, at) - 1;
    else if (sign === CLOSE_BRACKET || sign === CLOSE_BRACE) depth -= 1;
    else if (sign === COMMA || sign === OPEN_BRACKET || sign === OPEN_BRACE) {
      values += 1;
      if (sign !== COMMA) depth += 1;
      if (depth > DEEPEST || values > MOST_VALUES)
        throw new SyntaxError(`JSON with more than ${DEEPEST} levels or ${MOST_VALUES} values is not read`);
    }
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
