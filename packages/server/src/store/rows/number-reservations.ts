import type { NumberReservation } from '../ports/number-reservations.ts';
import type { Columns, Row } from './column-types.ts';

/** Ranges that do not overlap. */
export const numberReservationColumns = {
  first: 'text',
  last: 'text',
  account: 'text',
  created_at: 'integer',
} as const satisfies Columns;
export type NumberReservationRow = Row<typeof numberReservationColumns>;

export function numberReservationToRow({
  createdAt: created_at,
  first,
  last,
  account,
}: NumberReservation): NumberReservationRow {
  return { first, last, account, created_at };
}

export function numberReservationFromRow({
  created_at: createdAt,
  first,
  last,
  account,
}: NumberReservationRow): NumberReservation {
  return { first, last, account, createdAt };
}
