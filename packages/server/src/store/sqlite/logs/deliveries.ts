import { sql } from 'kysely';
import type { Delivery, DeliveryFilter, NewDelivery, OutboxStore } from '../../ports/outbox.ts';
import { type DeliveryRow, deliveryColumns, deliveryFromRow, deliveryToRow } from '../../rows/outbox.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';
import { prepareReturningInsert } from '../connection/write-row.ts';
import { isOneOf, type LogRoute, logReader } from './log-page.ts';

/** The name of an unreadable delivery. */
export const nameOfDelivery = ({ id }: DeliveryRow) => `delivery ${id}`;

/** The log of deliveries: what is read and deleted, whatever its state. */
export function sqliteDeliveries(
  connection: Connection,
): Pick<OutboxStore, 'delivery' | 'deliveries' | 'deleteOldDeliveries'> {
  const { read, readable, readableOne, write } = connection;
  const statements = prepareStatements(connection);
  const readPage = logReader(
    connection,
    (rows) => readable(rows, deliveryFromRow, nameOfDelivery),
    ({ created_at }: DeliveryRow) => created_at,
  );
  return {
    delivery: (id) =>
      read(() =>
        readableOne(rowsOf(statements.byId, id), deliveryFromRow, nameOfDelivery, ({ account }) => account),
      ),
    deliveries: ({ sort = 'newest', ...filter }) => readPage(routeOf(filter), { ...filter, sort }),
    deleteOldDeliveries: (before, most) =>
      write(() => Number(statements.deleteOld.run(before, most).changes)),
  };
}

/** Along the deliveries of a target, by their times if they are limited. */
function routeOf({ kind, target, account, state, types, since, until }: DeliveryFilter): LogRoute {
  const isTimed = since !== undefined || until !== undefined;
  return {
    from: sql`delivery`,
    columns: sql`*`,
    equal: [sql<boolean>`kind = ${kind}`, sql<boolean>`target = ${target}`],
    id: sql.ref('id'),
    ...(isTimed && { time: sql.ref('created_at') }),
    others: [
      ...isOneOf(sql.ref('account'), account === undefined ? undefined : [account]),
      ...isOneOf(sql.ref('state'), state === undefined ? undefined : [state]),
      ...isOneOf(sql.ref('type'), types),
    ],
  };
}

function prepareStatements({ kysely, prepare }: Connection) {
  return prepareLazily({
    byId: () => prepare(kysely.selectFrom('delivery').selectAll().where('id', '=', 0)),
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
