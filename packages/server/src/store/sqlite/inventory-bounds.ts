import type { InventoryFilter, Place } from '../ports/inventory.ts';

/** Texts of digits that `text` begins lie between these. */
const END_OF_DIGITS = ':';

/** The least and the greatest text that a filter lets through. */
export function imsisOf({
  imsi,
  imsiPrefix = '',
}: InventoryFilter): readonly [least: string, greatest: string] {
  return imsi === undefined ? [imsiPrefix, imsiPrefix + END_OF_DIGITS] : [imsi, imsi];
}

export function iccidsOf({ iccidPrefix = '' }: InventoryFilter): readonly [least: string, greatest: string] {
  return [iccidPrefix, iccidPrefix + END_OF_DIGITS];
}

/** Between which places the profiles of a list lie: after what was listed, within what the filter says. */
export function boundsOf(filter: InventoryFilter): readonly [low: Place, high: Place] {
  const { order, descending, after } = filter;
  const [least, greatest] = iccidsOf(filter);
  const [fewest, most] = imsisOf(filter);
  const whole: Readonly<Record<typeof order, readonly [Place, Place]>> = {
    iccid: [{ iccid: before(least) }, { iccid: greatest }],
    imsi: [
      { value: fewest, iccid: '' },
      { value: most, iccid: END_OF_DIGITS },
    ],
    changedAt: [
      { value: filter.changedSince ?? 0, iccid: '' },
      { value: Number.MAX_SAFE_INTEGER, iccid: '' },
    ],
  };
  const [low, high] = whole[order];
  if (after === undefined) return [low, high];
  return descending
    ? [low, isBefore(after, high) ? after : high]
    : [isBefore(low, after) ? after : low, high];
}

export function isBefore(a: Place, b: Place): boolean {
  if (a.value === b.value || a.value === undefined || b.value === undefined) return a.iccid < b.iccid;
  return a.value < b.value;
}

/** The place from which on a list is still to be looked at, that one included. */
export function upTo({ iccid, ...place }: Place, descending: boolean): Place {
  return { ...place, iccid: descending ? `${iccid} ` : before(iccid) };
}

/** Comes before a text of digits, and after all that come before it. */
function before(text: string): string {
  if (text === '') return '';
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) - 1) + END_OF_DIGITS;
}
