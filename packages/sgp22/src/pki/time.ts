import { DerError, type Infer } from '@esim-rsp/codec';
import type { Time } from '../asn1/pkix.ts';

type TimeValue = Infer<typeof Time>;

const FORM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** Reads a validity time as Unix milliseconds (RFC 5280 4.1.2.5): UTCTime means 1950 to 2049, GeneralizedTime any year. */
export function readTime(time: TimeValue): number {
  const text = 'utcTime' in time ? `${time.utcTime < '5' ? '20' : '19'}${time.utcTime}` : time.generalTime;
  const found = FORM.exec(text);
  if (found === null) throw new DerError(`'${text}' is not a time in DER form, YYYYMMDDHHMMSSZ`);
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as FixedTime;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isSame =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  if (!isSame) throw new DerError(`'${text}' is not a time that exists`);
  return date.getTime();
}

type FixedTime = [number, number, number, number, number, number];

/** Writes a validity time as RFC 5280 requires: UTCTime through 2049, GeneralizedTime from 2050. */
export function writeTime(epochMilliseconds: number): TimeValue {
  const date = new Date(epochMilliseconds);
  const year = date.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999))
    throw new RangeError('a certificate is valid in the years 1950 to 9999');
  const text = formatTime(date);
  return year < 2050 ? { utcTime: text.slice(2) } : { generalTime: text };
}

/** YYYYMMDDHHMMSSZ of a year between 0000 and 9999. */
function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}Z`;
}
