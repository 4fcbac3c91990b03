import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { NumberReservation, NumberReservationStore } from '../ports/number-reservations.ts';
import {
  type NumberReservationRow,
  numberReservationColumns,
  numberReservationFromRow,
  numberReservationToRow,
} from '../rows/number-reservations.ts';
import { numberReservationQueries, reservedForOther } from '../statements/number-reservations.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteNumberReservations(connection: Connection): NumberReservationStore {
  const { read, readable, write } = connection;
  const statements = connection.prepareEach(numberReservationQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'number_reservation', numberReservationColumns),
  });
  const reservationsIn = (rows: readonly unknown[]) =>
    readable(
      rows,
      numberReservationFromRow,
      ({ first }: NumberReservationRow) => `number_reservation ${first}`,
    );
  const add = (reservation: NumberReservation) => {
    const [other] = reservationsIn(rowsOf(statements.overlapping, reservation.first, reservation.last));
    if (other !== undefined) return other;
    writes.insert(numberReservationToRow(reservation));
    return 'added';
  };
  return {
    numberReservations: () => read(() => reservationsIn(rowsOf(statements.all))),
    reservedForOthers: (account, first, last) =>
      read(() => reservationsIn(rowsOf(statements.ofOthers, first, first, first, last, account))),
    addNumberReservation: (reservation) => write(() => add(reservation)),
    deleteNumberReservation: ({ first, last }) =>
      write(() => (Number(statements.delete.run(first, last).changes) === 1 ? 'deleted' : 'unknown')),
  };
}

/** Whether an ICCID is in a range that is reserved for another account than this one. */
export function reservationChecker({ db }: Connection) {
  const statements = prepareLazily({ ofOther: () => db.prepare(reservedForOther) });
  return ({ iccid, account }: Pick<Profile, 'iccid' | 'account'>): boolean =>
    statements.ofOther.get(iccid, iccid, account) !== undefined;
}
