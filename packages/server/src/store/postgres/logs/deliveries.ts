import type { NewDelivery, OutboxStore } from '../../ports/outbox.ts';
import { type DeliveryRow, deliveryColumns, deliveryFromRow, deliveryToRow } from '../../rows/outbox.ts';
import { deliveryQueries, deliveryRoute } from '../../statements/logs/deliveries.ts';
import type { Call } from '../connection/batch.ts';
import type { Connection } from '../connection/connection.ts';
import { statementsOf } from '../connection/statements.ts';
import { returningInsertCall } from '../connection/write-row.ts';

import { logReader } from './log-page.ts';

const statements = statementsOf(deliveryQueries);
const insert = returningInsertCall('delivery', deliveryColumns);

/** The name of an unreadable delivery. */
export const nameOfDelivery = ({ id }: DeliveryRow) => `delivery ${id}`;

const accountOf = ({ account }: DeliveryRow) => account;

/** The log of deliveries: what is read and deleted, whatever its state. */
export function postgresDeliveries(
  connection: Connection,
): Pick<OutboxStore, 'delivery' | 'deliveries' | 'deleteOldDeliveries'> {
  const { rows, readable, readableOne, change } = connection;
  const readPage = logReader(connection, {
    recordsIn: (found) => readable(found, deliveryFromRow, nameOfDelivery),
    timeOf: ({ created_at }: DeliveryRow) => created_at,
  });
  return {
    delivery: async (id) =>
      readableOne(await rows(statements.byId, id), deliveryFromRow, nameOfDelivery, accountOf),
    deliveries: ({ sort = 'newest', ...filter }) => readPage(deliveryRoute(filter), { ...filter, sort }),
    deleteOldDeliveries: (before, most) => change(statements.deleteOld, before, most),
  };
}

/** Inserts a pending delivery, and returns its row. */
export function insertDelivery(delivery: NewDelivery): Call {
  return insert(deliveryToRow(delivery));
}
