import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { NumberReservation, NumberReservationStore } from '../ports/number-reservations.ts';
import {
  type NumberReservationRow,
  numberReservationColumns,
  numberReservationFromRow,
  numberReservationToRow,
} from '../rows/number-reservations.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteNumberReservations(connection: Connection): NumberReservationStore {
  const { read, readable, write } = connection;
  const statements = prepareStatements(connection);
  const reservationsIn = (rows: readonly unknown[]) =>
    readable(
      rows,
      numberReservationFromRow,
      ({ first }: NumberReservationRow) => `number_reservation ${first}`,
    );
  const add = (reservation: NumberReservation) => {
    const [other] = reservationsIn(rowsOf(statements.overlapping, reservation.first, reservation.last));
    if (other !== undefined) return other;
    statements.insert(numberReservationToRow(reservation));
    return 'added';
  };
  return {
    numberReservations: () => read(() => reservationsIn(rowsOf(statements.all))),
    reservedForOthers: (account, first, last) =>
      read(() => reservationsIn(rowsOf(statements.ofOthers, first, last, account))),
    addNumberReservation: (reservation) => write(() => add(reservation)),
    deleteNumberReservation: ({ first, last }) =>
      write(() => (Number(statements.delete.run(first, last).changes) === 1 ? 'deleted' : 'unknown')),
  };
}

/** Ranges do not overlap, so they end in the order in which they begin: the index on their ends leads to the first that matters. */
function prepareStatements({ db, kysely, prepare }: Connection) {
  const all = () => kysely.selectFrom('number_reservation').selectAll().orderBy('last');
  const overlapping = () => all().where('last', '>=', '').where('first', '<=', '');
  return prepareLazily({
    all: () => prepare(all()),
    overlapping: () => prepare(overlapping()),
    ofOthers: () => prepare(overlapping().where('account', '<>', '')),
    insert: () => prepareInsert(db, 'number_reservation', numberReservationColumns),
    delete: () =>
      prepare(kysely.deleteFrom('number_reservation').where('first', '=', '').where('last', '=', '')),
  });
}

/** Whether an ICCID is in a range that is reserved for another account than this one. */
export function reservationChecker({ kysely, prepare }: Connection) {
  const statements = prepareLazily({
    ofOther: () =>
      prepare(
        kysely
          .selectFrom('number_reservation')
          .select('first')
          .where('last', '>=', '')
          .where('first', '<=', '')
          .where('account', '<>', '')
          .limit(1),
      ),
  });
  return ({ iccid, account }: Pick<Profile, 'iccid' | 'account'>): boolean =>
    statements.ofOther.get(iccid, iccid, account, 1) !== undefined;
}
