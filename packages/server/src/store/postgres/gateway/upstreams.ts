import type { UpstreamStore } from '../../ports/gateway/upstreams.ts';
import {
  type UpstreamRow,
  type UpstreamTypeRow,
  upstreamColumns,
  upstreamFromRow,
  upstreamToRow,
  upstreamTypeFromRow,
  upstreamTypeValues,
} from '../../rows/gateway/upstreams.ts';
import { upstreamQueries } from '../../statements/gateway/upstreams.ts';
import { addWithin, countIn } from '../connection/add-within.ts';
import type { Connection } from '../connection/connection.ts';
import { forUpdate, statementsOf } from '../connection/statements.ts';
import { insertCall, updateCall } from '../connection/write-row.ts';

const statements = statementsOf(upstreamQueries);
const lockByName = forUpdate(statements.byName);
const insert = insertCall('upstream', upstreamColumns);
const updateRow = updateCall('upstream', upstreamColumns, ['account', 'name']);
const nameOf = ({ account, name }: UpstreamRow) => `upstream ${account} ${name}`;
const typeNameOf = (row: UpstreamTypeRow) => `upstream_type ${row.account} ${row.profile_type}`;

const openOperationOf = (account: string, name: string) => ({
  statement: statements.openOperation,
  values: [account, name, 1],
});

export function postgresUpstreams(connection: Connection): UpstreamStore {
  const { opened, rows, readable, readableOne, change, transaction } = connection;
  const upstreamFrom = opened('upstream', upstreamFromRow);
  const one = (found: readonly unknown[]) => readableOne(found, upstreamFrom, nameOf);
  const upstream = async (account: string, name: string) => one(await rows(statements.byName, account, name));
  return {
    upstreams: async (account) => {
      const found = account === undefined ? rows(statements.all) : rows(statements.ofAccount, account);
      return readable(await found, upstreamFrom, nameOf);
    },
    upstream,
    addUpstream: (upstream, most) => {
      const { account, name } = upstream;
      const counts = [
        { statement: statements.byName, values: [account, name] },
        { statement: statements.count, values: [account] },
      ];
      return addWithin(connection, account, counts, async (session, [named, all]) => {
        if (named?.rows.length) return 'exists';
        if (countIn(all) >= most) return 'full';
        await session.run([insert(upstreamToRow(upstream))]);
        return 'added';
      });
    },
    updateUpstream: (account, name, changeOf) =>
      transaction(async (session) => {
        const [found] = await session.run([{ statement: lockByName, values: [account, name] }]);
        const before = one(found?.rows ?? []);
        if (before === undefined) return undefined;
        const after = { ...changeOf(before), account, name };
        await session.run([updateRow(upstreamToRow(after))]);
        return after;
      }),
    deleteUpstream: (account, name) =>
      addWithin(connection, account, [openOperationOf(account, name)], async (session, [open]) => {
        if (open?.rows.length) return 'inUse';
        const values = [account, name];
        const [, deleted] = await session.run([
          { statement: statements.deleteTypesOf, values },
          { statement: statements.delete, values },
        ]);
        return deleted?.changes === 1 ? 'deleted' : 'unknown';
      }),
    upstreamTypes: async (account) =>
      readable(await rows(statements.types, account), upstreamTypeFromRow, typeNameOf),
    upstreamOfType: async (account, profileType) =>
      readableOne(await rows(statements.type, account, profileType), upstreamTypeFromRow, typeNameOf),
    typesKeptReady: async () => readable(await rows(statements.keptReady), upstreamTypeFromRow, typeNameOf),
    setUpstreamType: (type, most) => {
      const { account, profileType, upstream } = type;
      const counts = [
        { statement: statements.byName, values: [account, upstream] },
        { statement: statements.countTypes, values: [account, profileType] },
      ];
      return addWithin(connection, account, counts, async (session, [named, others]) => {
        if (!named?.rows.length) return 'unknown';
        if (countIn(others) >= most) return 'full';
        await session.run([{ statement: statements.putType, values: [...upstreamTypeValues(type)] }]);
        return 'set';
      });
    },
    deleteUpstreamType: async (account, upstream, profileType) =>
      (await change(statements.deleteType, account, upstream, profileType)) === 1 ? 'deleted' : 'unknown',
  };
}
