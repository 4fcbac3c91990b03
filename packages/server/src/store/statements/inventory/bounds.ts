import type { InventoryFilter, ListPosition } from '../../ports/inventory.ts';

/** Sorts after every digit. */
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

/** The positions between which a page lies: after what was listed, and within the filter. */
export function boundsOf(filter: InventoryFilter): readonly [low: ListPosition, high: ListPosition] {
  const { order, descending, after } = filter;
  const [least, greatest] = iccidsOf(filter);
  const [fewest, most] = imsisOf(filter);
  const whole: Readonly<Record<typeof order, readonly [ListPosition, ListPosition]>> = {
    iccid: [{ iccid: before(least) }, { iccid: greatest }],
    imsi: [
      { value: fewest, iccid: '' },
      { value: most, iccid: END_OF_DIGITS },
    ],
    changedAt: [
      { value: filter.changedSince ?? 0, iccid: '' },
      { value: filter.changedUntil ?? Number.MAX_SAFE_INTEGER, iccid: '' },
    ],
  };
  const [low, high] = whole[order];
  if (after === undefined) return [low, high];
  return descending
    ? [low, isBefore(after, high) ? after : high]
    : [isBefore(low, after) ? after : low, high];
}

export function isBefore(a: ListPosition, b: ListPosition): boolean {
  if (a.value === b.value || a.value === undefined || b.value === undefined) return a.iccid < b.iccid;
  return a.value < b.value;
}

/** The position right before one that was examined up to: the list continues with it. */
export function upTo({ iccid, ...place }: ListPosition, descending: boolean): ListPosition {
  return { ...place, iccid: descending ? `${iccid} ` : before(iccid) };
}

/** Sorts before a text of digits, and after all others that do. */
function before(text: string): string {
  if (text === '') return '';
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) - 1) + END_OF_DIGITS;
}
