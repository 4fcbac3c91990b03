import { type CoreNetworkStore, coreTarget } from '../../ports/gateway/core-networks.ts';
import {
  type CoreNetworkRow,
  type CoreSubscriberRow,
  coreNetworkColumns,
  coreNetworkFromRow,
  coreNetworkToRow,
  coreSubscriberFromRow,
} from '../../rows/gateway/core-networks.ts';
import { coreNetworkQueries, putCoreSubscriber } from '../../statements/gateway/core-networks.ts';
import { addWithin, countIn } from '../connection/add-within.ts';
import type { Connection } from '../connection/connection.ts';
import { forUpdate, rowStatement, statementOf, statementsOf } from '../connection/statements.ts';
import { insertCall, updateCall } from '../connection/write-row.ts';
import { insertDelivery } from '../logs/deliveries.ts';

const statements = statementsOf(coreNetworkQueries);
const lockByName = forUpdate(statements.byName);
const insert = insertCall('core_network', coreNetworkColumns);
const updateRow = updateCall('core_network', coreNetworkColumns, ['account', 'name']);
const putSubscriber = rowStatement({ text: putCoreSubscriber, names: [] });
/** Not those of one that is still there. */
const deleteDeliveries = statementOf(
  `delete from delivery where kind = 'core' and target = $1
    and not exists (select 1 from core_network where account = $2 and name = $3)`,
);
const nameOf = ({ account, name }: CoreNetworkRow) => `core_network ${account} ${name}`;
const subscriberOf = (row: CoreSubscriberRow) => `core_subscriber of ${row.iccid}`;

export function postgresCoreNetworks(connection: Connection): CoreNetworkStore {
  const { opened, rows, readable, readableOne, write, change, transaction } = connection;
  const coreFrom = opened('core_network', coreNetworkFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, coreFrom, nameOf);
  return {
    coreNetworks: async (account) => {
      const found = account === undefined ? rows(statements.all) : rows(statements.ofAccount, account);
      return readable(await found, coreFrom, nameOf);
    },
    coreNetwork: async (account, name) => one(await rows(statements.byName, account, name)),
    addCoreNetwork: (core, most) => {
      const { account, name } = core;
      const counts = [
        { statement: statements.byName, values: [account, name] },
        { statement: statements.count, values: [account] },
      ];
      return addWithin(connection, account, counts, async (session, [named, all]) => {
        if (named?.rows.length) return 'exists';
        if (countIn(all) >= most) return 'full';
        await session.run([insert(coreNetworkToRow(core))]);
        return 'added';
      });
    },
    updateCoreNetwork: (account, name, changeOf, alongside) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockByName, values: [account, name] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined) return undefined;
        const changed = changeOf(before);
        const after = { ...changed, account, name };
        const updates = changed === before ? [] : [updateRow(coreNetworkToRow(after))];
        const calls = [...updates, ...(alongside?.(before, after) ?? []).map(insertDelivery)];
        if (calls.length > 0) await session.run(calls);
        return after;
      }),
    deleteCoreNetwork: async (account, name) => {
      const [deleted] = await write([
        { statement: statements.delete, values: [account, name] },
        { statement: deleteDeliveries, values: [coreTarget({ account, name }), account, name] },
      ]);
      return deleted?.changes === 1 ? 'deleted' : 'unknown';
    },
    coreSubscribers: async (...key) =>
      readable(await rows(statements.subscribers, ...key), coreSubscriberFromRow, subscriberOf),
    putCoreSubscriber: async ({ account, coreNetwork, imsi, iccid, sentAt }) =>
      void (await change(putSubscriber, imsi, iccid, sentAt, account, coreNetwork)),
    deleteCoreSubscriber: async ({ account, coreNetwork, imsi, iccid }) =>
      void (await change(statements.deleteSubscriber, account, coreNetwork, imsi, iccid)),
  };
}
