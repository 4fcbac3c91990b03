import { type Iccid, luhnDigit, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** Where the numbers of a run of subscriptions begin. */
export type RangeStarts = {
  /** 18 or 19 digits: the check digit is added. */
  readonly iccidStart: string;
  /** 6 to 15 digits. */
  readonly imsiStart: string;
  /** With + for an international number. */
  readonly msisdnStart?: string;
};

export type Numbers = { readonly iccid: Iccid; readonly imsi: string; readonly msisdn?: string };

/** So many numbers in a row; throws a ValueError where they do not fit into their digits. */
export function numbersFrom(starts: RangeStarts, count: number): readonly Numbers[] {
  const iccids = run(starts.iccidStart, count, 'iccidStart').map((body) =>
    parseIccid(body + luhnDigit(body)),
  );
  const imsis = run(starts.imsiStart, count, 'imsiStart');
  const [, plus = '', first] = /^(\+?)(\d+)$/.exec(starts.msisdnStart ?? '') ?? [];
  const msisdns = first === undefined ? [] : run(first, count, 'msisdnStart').map((digits) => plus + digits);
  return iccids.map((iccid, i) => {
    const msisdn = msisdns[i];
    return { iccid, imsi: imsis[i] as string, ...(msisdn !== undefined && { msisdn }) };
  });
}

function run(start: string, count: number, field: keyof RangeStarts): string[] {
  const first = BigInt(start);
  if (String(first + BigInt(count - 1)).length > start.length)
    throw new ValueError(`has not room for ${count} numbers in ${start.length} digits`, { field });
  return Array.from({ length: count }, (_, i) => String(first + BigInt(i)).padStart(start.length, '0'));
}
