import type { NumberReservationStore } from '../ports/number-reservations.ts';
import {
  type NumberReservationRow,
  numberReservationColumns,
  numberReservationFromRow,
  numberReservationToRow,
} from '../rows/number-reservations.ts';
import { numberReservationQueries } from '../statements/number-reservations.ts';
import type { Connection } from './connection/connection.ts';
import type { Session } from './connection/pool.ts';
import { statementOf, statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';

const statements = statementsOf(numberReservationQueries);
const insert = insertCall('number_reservation', numberReservationColumns);
/** Others that add a reservation wait until the transaction has ended; those who read do not. */
const lock = { statement: statementOf('lock table number_reservation in exclusive mode'), values: [] };
const nameOf = ({ first }: NumberReservationRow) => `number_reservation ${first}`;

export function postgresNumberReservations(connection: Connection): NumberReservationStore {
  const { rows, readable, change, transaction, inOrder } = connection;
  const reservationsIn = (found: readonly unknown[]) => readable(found, numberReservationFromRow, nameOf);
  return {
    numberReservations: async () => reservationsIn(await rows(statements.all)),
    reservedForOthers: async (account, first, last) =>
      reservationsIn(await rows(statements.ofOthers, first, first, first, last, account)),
    addNumberReservation: (reservation) => {
      const { first, last } = reservation;
      const overlapping = { statement: statements.overlapping, values: [first, last] };
      const add = async (session: Session) => {
        const [, found] = await session.run([lock, overlapping]);
        const [other] = reservationsIn(found?.rows ?? []);
        if (other !== undefined) return other;
        await session.run([insert(numberReservationToRow(reservation))]);
        return 'added';
      };
      return inOrder(['number_reservation'], () => transaction(add));
    },
    deleteNumberReservation: async ({ first, last }) =>
      (await change(statements.delete, first, last)) === 1 ? 'deleted' : 'unknown',
  };
}
