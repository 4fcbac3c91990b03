import { escapeText } from '@esim-rsp/sgp22/value/text';

const NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

type Line = {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly pid?: number;
  readonly hostname?: string;
  readonly node?: string;
  readonly [field: string]: unknown;
};

/** A line of the log for a terminal: time, level, message and fields, and the stack of an error below. */
export function prettyLine(json: string): string {
  const {
    level,
    time,
    msg = '',
    err,
    pid: _pid,
    hostname: _hostname,
    node: _node,
    ...fields
  } = JSON.parse(json) as Line;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const members = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`);
  const first = [clock, (NAMES[level] ?? String(level)).padEnd(5), escapeText(msg), ...members].join(' ');
  const { message, stack = message } = err ?? {};
  const below = stack === undefined ? [] : stack.split('\n').map((line) => `  ${escapeText(line)}`);
  return `${[first, ...below].join('\n')}\n`;
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return escapeText(/^[^\s"=]+$/.test(text) || typeof value !== 'string' ? text : JSON.stringify(text));
}
