import { Type } from '@sinclair/typebox';

/** The shape of a time in an answer or a request: ISO 8601, as RFC 3339 has it. */
export function Time(description: string) {
  return Type.String({ format: 'date-time', description, examples: ['2030-01-31T18:00:00Z'] });
}

const PATTERN = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Times outside these years are mistakes, and far ones are more than a store or a program can hold. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

/** Whether a text is a time with its time zone (RFC 3339 5.6). */
export function isTime(text: string): boolean {
  const [, year, month, day] = PATTERN.exec(text) ?? [];
  const time = Date.parse(text);
  if (Number.isNaN(time) || day === undefined) return false;
  if (time < Date.UTC(FIRST_YEAR) || time >= Date.UTC(LAST_YEAR + 1)) return false;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

/** Unix seconds of a time that the shape has let through. */
export function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** The last millisecond of the year 9999: a later time, which only an old record can have, is shown as that. */
const LAST_SHOWN = 253_402_300_799_999;

/** Unix milliseconds as a time in UTC. */
export function timeOf(milliseconds: number): string {
  return new Date(Math.min(milliseconds, LAST_SHOWN)).toISOString();
}

/** The last day that was written, as `2030-01-31T`: the times in a list are often of one day, and `Date` is slow. */
let day = { number: Number.NaN, text: '' };
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** The last time that was written: a profile is often released at its last change of state, and many are created at once. */
let last = { seconds: Number.NaN, text: '' };

/** Unix seconds as a time in UTC, to the second. */
export function timeOfSeconds(time: number): string {
  const seconds = Math.min(time, Math.floor(LAST_SHOWN / 1000));
  if (seconds !== last.seconds) last = { seconds, text: writeTime(seconds) };
  return last.text;
}

function writeTime(seconds: number): string {
  const number = Math.floor(seconds / 86_400);
  if (number !== day.number) day = { number, text: timeOf(number * 86_400_000).slice(0, 11) };
  const rest = seconds - number * 86_400;
  const [hour, minute, second] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60];
  return [day.text + twoDigits[hour], twoDigits[minute], `${twoDigits[second]}Z`].join(':');
}
