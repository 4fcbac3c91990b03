import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A regular expression of the sources, and where it is. */
export type Found = { readonly pattern: RegExp; readonly places: readonly string[] };

/** After these a slash begins a regular expression, and divides nothing. */
const BEFORE = /(?:^|[(,=:[!&|?{;]|=>|\breturn|\bcase)$/;
const TRIVIA = /\s+|\/\/.*|\/\*[\s\S]*?\*\//y;
const TEXT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const LITERAL = /\/((?:[^/[\\\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/y;
const WORD = /[\w$]+|=>/y;
/** Up to the end of a template, or to a value in it. */
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
/** What a shape says a text looks like. */
const SHAPE = /\bpattern: '((?:[^'\\\n]|\\.)*)'/g;

/** The literals in a source, and the patterns of its shapes: both, as texts of regular expressions. */
export function patternsIn(source: string): { readonly pattern: RegExp; readonly line: number }[] {
  const found: { pattern: RegExp; line: number }[] = [];
  const lineAt = (at: number) => source.slice(0, at).split('\n').length;
  const inTemplate: number[] = [];
  let [at, before, braces] = [0, '', 0];
  const take = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = at;
    const match = token.exec(source);
    if (match !== null) at = token.lastIndex;
    return match;
  };
  while (at < source.length) {
    if (take(TRIVIA)) continue;
    const sign = source[at] as string;
    const endsValue = sign === '}' && inTemplate.at(-1) === braces;
    const literal = sign === '/' && BEFORE.test(before) ? take(LITERAL) : null;
    if (literal !== null) {
      found.push({ pattern: new RegExp(literal[1] as string, literal[2]), line: lineAt(literal.index) });
      before = 'literal';
    } else if (sign === '`' || endsValue) {
      if (endsValue) inTemplate.pop();
      at++;
      const isOpen = take(TEMPLATE)?.[0].endsWith('{');
      if (isOpen) inTemplate.push(braces);
      before = isOpen ? '(' : 'template';
    } else if (take(TEXT)) before = 'text';
    else {
      before = take(WORD)?.[0] ?? (source[at++] as string);
      if (before === '{') braces++;
      if (before === '}') braces--;
    }
  }
  for (const shape of source.matchAll(SHAPE)) {
    const text = JSON.parse(`"${(shape[1] as string).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`);
    found.push({ pattern: new RegExp(text), line: lineAt(shape.index) });
  }
  return found;
}

/** Those of all packages, tests left out. */
export function regularExpressions(root: string): readonly Found[] {
  const found = new Map<string, { pattern: RegExp; places: string[] }>();
  for (const file of globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root }).sort()) {
    if (/\.(?:test|harness|testdata)\.ts$/.test(file)) continue;
    for (const { pattern, line } of patternsIn(readFileSync(join(root, file), 'utf8'))) {
      const known = found.get(String(pattern)) ?? { pattern, places: [] };
      known.places.push(`${file}:${line}`);
      found.set(String(pattern), known);
    }
  }
  return [...found.values()];
}

/** A pattern whose time doubles with each character takes long for the first one already; one whose time grows with the cube of the length, for the second. */
const LENGTHS = [24, 800, 32_000];
/** A pattern that looks at each character some times takes less than a millisecond; one that begins again at each takes hundreds. */
const MOST_MS = 30;
/** Other programs take the processor now and then: what happens each time is the pattern. */
const TRIES = 4;
/** No pattern that takes this long is a fast one. */
const CERTAIN_MS = 500;
/** What few classes of characters contain. */
const ENDS = ['\0', '\n', ''];
const USUAL = ['a', '0', ' ', 'a ', 'a.'];

/** A text that the pattern takes long for, in words; undefined: none was found. */
export function slowText(pattern: RegExp): string | undefined {
  const { source } = pattern;
  const signs = [
    ...new Set(source.replaceAll(/\\[pP]\{\w+\}|\\[bBdDwWcux]/g, '').match(/[^\\^()?|]/gu) ?? []),
  ];
  const begins = new Set(['', 'a@', ...(source.match(/[A-Za-z<{["@:/-]{1,40}/g) ?? []).slice(0, 3)]);
  const repeated = new Set([...USUAL, ...[...begins].slice(1), ...signs, '\n', '\t', '\u00e9']);
  for (const begin of begins)
    for (const part of repeated)
      for (const end of ENDS)
        for (const length of LENGTHS) {
          const text = begin + part.repeat(Math.ceil(length / part.length)) + end;
          if (isSlow(pattern, text)) return JSON.stringify({ begin, repeated: part, end });
        }
  return undefined;
}

function isSlow(pattern: RegExp, text: string): boolean {
  for (let tries = 0; tries < TRIES; tries++) {
    pattern.lastIndex = 0;
    const began = performance.now();
    pattern.test(text);
    const took = performance.now() - began;
    if (took < MOST_MS) return false;
    if (took > CERTAIN_MS) return true;
  }
  return true;
}
