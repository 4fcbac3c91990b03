import type { Delivery, NewDelivery, OutboxStore } from '../../ports/outbox.ts';
import { type DeliveryRow, deliveryColumns, deliveryFromRow, deliveryToRow } from '../../rows/outbox.ts';
import { deliveryQueries, deliveryRoute } from '../../statements/logs/deliveries.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf } from '../connection/read-rows.ts';
import { prepareReturningInsert } from '../connection/write-row.ts';
import { logReader } from './log-page.ts';

/** The name of an unreadable delivery. */
export const nameOfDelivery = ({ id }: DeliveryRow) => `delivery ${id}`;

/** The log of deliveries: what is read and deleted, whatever its state. */
export function sqliteDeliveries(
  connection: Connection,
): Pick<OutboxStore, 'delivery' | 'deliveries' | 'deleteOldDeliveries'> {
  const { read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(deliveryQueries);
  const readPage = logReader(connection, {
    recordsIn: (rows) => readable(rows, deliveryFromRow, nameOfDelivery),
    timeOf: ({ created_at }: DeliveryRow) => created_at,
  });
  return {
    delivery: (id) =>
      read(() =>
        readableOne(
          firstRowOf(statements.byId, id),
          deliveryFromRow,
          nameOfDelivery,
          ({ account }) => account,
        ),
      ),
    deliveries: ({ sort = 'newest', ...filter }) => readPage(deliveryRoute(filter), { ...filter, sort }),
    deleteOldDeliveries: (before, most) =>
      write(() => Number(statements.deleteOld.run(before, most).changes)),
  };
}

/** Inserts a pending delivery, and returns it with its number. */
export function deliveryWriter(connection: Connection): (delivery: NewDelivery) => Delivery {
  const statements = prepareLazily({
    insert: () => prepareReturningInsert(connection, 'delivery', deliveryColumns),
  });
  return (delivery) => deliveryFromRow(statements.insert(deliveryToRow(delivery)) as DeliveryRow);
}
