import { sql } from 'kysely';
import type { Delivery, NewDelivery, OutboxStore } from '../ports/outbox.ts';
import { type DeliveryRow, deliveryColumns, deliveryFromRow, deliveryToRow } from '../rows/outbox.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { fillPage, rowsOf } from './connection/read-rows.ts';
import { prepareReturningInsert } from './connection/write-row.ts';

/** The name of an unreadable delivery. */
export const nameOfDelivery = ({ id }: DeliveryRow) => `delivery ${id}`;

/** The log of deliveries: what is read and deleted, whatever its state. */
export function sqliteDeliveries(
  connection: Connection,
): Pick<OutboxStore, 'delivery' | 'deliveries' | 'deleteOldDeliveries'> {
  const { read, readLong, readable, readableOne, write } = connection;
  const statements = prepareStatements(connection);
  return {
    delivery: (id) =>
      read(() =>
        readableOne(rowsOf(statements.byId, id), deliveryFromRow, nameOfDelivery, ({ account }) => account),
      ),
    deliveries: ({ kind, target, account = null, state, before = Number.MAX_SAFE_INTEGER, count }) =>
      readLong(() => {
        const rowsBefore = (id: number, most: number) =>
          state === undefined
            ? rowsOf(statements.log, kind, target, id, account, most)
            : rowsOf(statements.logInState, kind, target, id, account, state, most);
        return fillPage(count, before, rowsBefore, (rows) => readable(rows, deliveryFromRow, nameOfDelivery));
      }),
    deleteOldDeliveries: (before, most) =>
      write(() => Number(statements.deleteOld.run(before, most).changes)),
  };
}

function prepareStatements({ kysely, prepare }: Connection) {
  const deliveries = () => kysely.selectFrom('delivery').selectAll();
  const log = () =>
    deliveries()
      .where('kind', '=', '')
      .where('target', '=', '')
      .where('id', '<', 0)
      .where(sql<boolean>`coalesce(${''}, account) = account`) // null: every account
      .orderBy('id', 'desc')
      .limit(1);
  return prepareLazily({
    byId: () => prepare(deliveries().where('id', '=', 0)),
    log: () => prepare(log()),
    logInState: () => prepare(log().where('state', '=', '')),
    deleteOld: () =>
      prepare(
        kysely
          .deleteFrom('delivery')
          .where('id', 'in', (e) =>
            e
              .selectFrom('delivery')
              .select('id')
              .where('created_at', '<', 0)
              .where('state', '<>', sql.lit('pending'))
              .orderBy('created_at')
              .limit(1),
          ),
      ),
  });
}

/** Inserts a pending delivery, and returns it with its number. */
export function deliveryWriter({ db }: Connection): (delivery: NewDelivery) => Delivery {
  const statements = prepareLazily({ insert: () => prepareReturningInsert(db, 'delivery', deliveryColumns) });
  return (delivery) => deliveryFromRow(statements.insert(deliveryToRow(delivery)) as DeliveryRow);
}
