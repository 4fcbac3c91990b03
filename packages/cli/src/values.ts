import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { InvalidArgumentError } from 'commander';

/** Reads the value of an option or argument. A bad value is wrong usage. Not for secrets: the error quotes the value. */
export function valueBy<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof ValueError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}

export const iccidArgument = valueBy(parseIccid);

/** A whole number from `min` to `max`. */
export function numberFrom(min: number, max: number): (text: string) => number {
  return valueBy((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new ValueError(`a whole number from ${min} to ${max} is expected`);
  });
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration in seconds: `30m`, `12h`, `7d`. */
export function secondsFrom(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw new ValueError('30m, 12h or 7d are expected');
  return Number(count) * (UNIT_SECONDS[unit] as number);
}

/** A time in Unix seconds: a duration from now (`12h`), a date with its time zone, or the number itself. */
export function timeFrom(text: string): number {
  if (/^\d{9,11}$/.test(text)) return Number(text);
  if (/^\d{1,6}[smhd]$/.test(text)) return Math.floor(Date.now() / 1000) + secondsFrom(text);
  const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const date = isDate ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return Math.floor(date / 1000);
  throw new ValueError('30m, 12h or 7d, a date such as 2030-01-31T18:00:00Z, or Unix seconds are expected');
}

/** A time in ISO 8601, as the API takes it, from what `timeFrom` reads. */
export function instantFrom(text: string): string {
  return isoOf(timeFrom(text));
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** A past time in ISO 8601: a duration before now (`12h`), a date with its time zone, or the number itself. */
export const sinceFrom = valueBy((text) => {
  const time = timeFrom(text);
  return isoOf(/[smhd]$/.test(text) ? 2 * Math.floor(Date.now() / 1000) - time : time);
});
