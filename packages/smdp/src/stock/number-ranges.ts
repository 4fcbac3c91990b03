import { luhnDigit, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Numbers, RangeStarts } from '../state/template.ts';

/** `count` numbers in a row, after the first `skipped` ones; throws a ValueError if they do not fit into their digits. */
export function numbersFrom(starts: RangeStarts, count: number, skipped = 0): readonly Numbers[] {
  const run = (start: string, field: keyof RangeStarts) => runOf(start, { count, skipped, field });
  const iccids = run(starts.iccidStart, 'iccidStart').map((body) => parseIccid(body + luhnDigit(body)));
  const imsis = run(starts.imsiStart, 'imsiStart');
  const [, plus = '', first] = /^(\+?)(\d+)$/.exec(starts.msisdnStart ?? '') ?? [];
  const msisdns = first === undefined ? [] : run(first, 'msisdnStart').map((digits) => plus + digits);
  return iccids.map((iccid, i) => {
    const msisdn = msisdns[i];
    return { iccid, imsi: imsis[i] as string, ...(msisdn !== undefined && { msisdn }) };
  });
}

type Run = { readonly count: number; readonly skipped: number; readonly field: keyof RangeStarts };

function runOf(start: string, { count, skipped, field }: Run): string[] {
  const first = BigInt(start) + BigInt(skipped);
  if (String(first + BigInt(count - 1)).length > start.length)
    throw new ValueError(`has not room for ${skipped + count} numbers in ${start.length} digits`, { field });
  return Array.from({ length: count }, (_, i) => String(first + BigInt(i)).padStart(start.length, '0'));
}
