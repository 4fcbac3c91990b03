import { type CoreNetwork, type CoreNetworkStore, coreTarget } from '../../ports/gateway/core-networks.ts';
import {
  type CoreNetworkRow,
  type CoreSubscriberRow,
  coreNetworkColumns,
  coreNetworkFromRow,
  coreNetworkToRow,
  coreSubscriberFromRow,
} from '../../rows/gateway/core-networks.ts';
import { coreNetworkQueries, putCoreSubscriber } from '../../statements/gateway/core-networks.ts';
import { inSlices, ROWS_AT_ONCE } from '../../statements/in-slices.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from '../connection/write-row.ts';
import { deliveryWriter } from '../logs/deliveries.ts';

type Update = (
  ...change: Parameters<CoreNetworkStore['updateCoreNetwork']>
) => Awaited<ReturnType<CoreNetworkStore['updateCoreNetwork']>>;

const nameOf = ({ account, name }: CoreNetworkRow) => `core_network ${account} ${name}`;
const subscriberOf = (row: CoreSubscriberRow) => `core_subscriber of ${row.iccid}`;

export function sqliteCoreNetworks(connection: Connection): CoreNetworkStore {
  const { db, opened, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(coreNetworkQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'core_network', coreNetworkColumns, 'account, name'),
    update: () => prepareUpdate(connection, 'core_network', coreNetworkColumns, ['account', 'name']),
    putSubscriber: () => db.prepare(putCoreSubscriber),
  });
  const coreFrom = opened('core_network', coreNetworkFromRow);
  const insertDelivery = deliveryWriter(connection);
  const find = (account: string, name: string) =>
    readableOne(firstRowOf(statements.byName, account, name), coreFrom, nameOf);
  const add = (core: CoreNetwork, most: number) => {
    const { account, name } = core;
    if (statements.byName.get(account, name) !== undefined) return 'exists';
    const { count } = statements.count.get(account) as { count: number };
    if (count >= most) return 'full';
    writes.insert(coreNetworkToRow(core));
    return 'added';
  };
  const update: Update = (account, name, change, alongside) => {
    const before = find(account, name);
    if (before === undefined) return undefined;
    const changed = change(before);
    const after = { ...changed, account, name };
    if (changed !== before) writes.update(coreNetworkToRow(after));
    for (const delivery of alongside?.(before, after) ?? []) insertDelivery(delivery);
    return after;
  };
  return {
    coreNetworks: (account) =>
      read(() => {
        const rows = account === undefined ? rowsOf(statements.all) : rowsOf(statements.ofAccount, account);
        return readable(rows, coreFrom, nameOf);
      }),
    coreNetwork: (account, name) => read(() => find(account, name)),
    addCoreNetwork: (core, most) => write(() => add(core, most)),
    updateCoreNetwork: (...change) => write(() => update(...change)),
    deleteCoreNetwork: async (account, name) => {
      const deleted = await write(() => Number(statements.delete.run(account, name).changes) === 1);
      if (!deleted) return 'unknown';
      const target = coreTarget({ account, name });
      await inSlices(() =>
        write(() => Number(statements.deleteDeliveries.run(target, ROWS_AT_ONCE).changes), ROWS_AT_ONCE),
      );
      return 'deleted';
    },
    coreSubscribers: (account, coreNetwork, iccid) =>
      read(() =>
        readable(
          rowsOf(statements.subscribers, account, coreNetwork, iccid),
          coreSubscriberFromRow,
          subscriberOf,
        ),
      ),
    putCoreSubscriber: ({ account, coreNetwork, imsi, iccid, sentAt }) =>
      write(() => void writes.putSubscriber.run(imsi, iccid, sentAt, account, coreNetwork)),
    deleteCoreSubscriber: ({ account, coreNetwork, imsi, iccid }) =>
      write(() => void statements.deleteSubscriber.run(account, coreNetwork, imsi, iccid)),
  };
}
