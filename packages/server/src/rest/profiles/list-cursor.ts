import type { InventoryFilter, ListPosition } from '../../store/ports/inventory.ts';
import { HttpProblem } from '../frame/problem.ts';

type Order = Pick<InventoryFilter, 'order' | 'descending'>;

/** Where a list continues, as text whose content callers do not need to know. */
export function cursorTo({ iccid, value }: ListPosition, { order, descending }: Order): string {
  const parts = [order, descending ? 1 : 0, iccid, ...(value === undefined ? [] : [value])];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws 400 for what is no cursor of a list in this order. */
export function placeIn(cursor: string, { order, descending }: Order): ListPosition {
  const [itsOrder, itsDirection, iccid, value] = partsOf(cursor);
  const isValue = { iccid: 'undefined', imsi: 'string', changedAt: 'number' }[order] === typeof value;
  if (typeof iccid !== 'string' || itsOrder !== order || itsDirection !== (descending ? 1 : 0) || !isValue) {
    const message = 'is not of this list: take next_cursor as it is, with the same filters and sort';
    throw new HttpProblem(400, 'validation_failed', `cursor ${message}`, [{ field: 'cursor', message }]);
  }
  return { iccid, ...(value !== undefined && { value: value as string | number }) };
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
