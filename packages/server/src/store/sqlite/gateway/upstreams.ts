import type { Upstream, UpstreamChange, UpstreamStore, UpstreamType } from '../../ports/gateway/upstreams.ts';
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
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { prepareInsert, prepareUpdate } from '../connection/write-row.ts';

const nameOf = ({ account, name }: UpstreamRow) => `upstream ${account} ${name}`;
const typeNameOf = (row: UpstreamTypeRow) => `upstream_type ${row.account} ${row.profile_type}`;

export function sqliteUpstreams(connection: Connection): UpstreamStore {
  const { opened, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(upstreamQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'upstream', upstreamColumns, 'account, name'),
    update: () => prepareUpdate(connection, 'upstream', upstreamColumns, ['account', 'name']),
  });
  const upstreamFrom = opened('upstream', upstreamFromRow);
  const find = (account: string, name: string) =>
    readableOne(firstRowOf(statements.byName, account, name), upstreamFrom, nameOf);
  const add = (upstream: Upstream, most: number) => {
    const { account, name } = upstream;
    if (statements.byName.get(account, name) !== undefined) return 'exists';
    const { count } = statements.count.get(account) as { count: number };
    if (count >= most) return 'full';
    writes.insert(upstreamToRow(upstream));
    return 'added';
  };
  const update = (account: string, name: string, change: UpstreamChange) => {
    const before = find(account, name);
    if (before === undefined) return undefined;
    const after = { ...change(before), account, name };
    writes.update(upstreamToRow(after));
    return after;
  };
  const remove = (account: string, name: string) => {
    if (statements.openOperation.get(account, name, 1) !== undefined) return 'inUse';
    statements.deleteTypesOf.run(account, name);
    return Number(statements.delete.run(account, name).changes) === 1 ? 'deleted' : 'unknown';
  };
  const setType = (type: UpstreamType, most: number) => {
    const { account, profileType, upstream } = type;
    if (statements.byName.get(account, upstream) === undefined) return 'unknown';
    const { count } = statements.countTypes.get(account, profileType) as { count: number };
    if (count >= most) return 'full';
    statements.putType.run(...upstreamTypeValues(type));
    return 'set';
  };
  const upstream = (account: string, name: string) => read(() => find(account, name));
  return {
    upstreams: (account) =>
      read(() => {
        const rows = account === undefined ? rowsOf(statements.all) : rowsOf(statements.ofAccount, account);
        return readable(rows, upstreamFrom, nameOf);
      }),
    upstream,
    addUpstream: (upstream, most) => write(() => add(upstream, most)),
    updateUpstream: (account, name, change) => write(() => update(account, name, change)),
    deleteUpstream: (account, name) => write(() => remove(account, name)),
    upstreamTypes: (account) =>
      read(() => readable(rowsOf(statements.types, account), upstreamTypeFromRow, typeNameOf)),
    upstreamOfType: (account, profileType) =>
      read(() =>
        readableOne(firstRowOf(statements.type, account, profileType), upstreamTypeFromRow, typeNameOf),
      ),
    typesKeptReady: () => read(() => readable(rowsOf(statements.keptReady), upstreamTypeFromRow, typeNameOf)),
    setUpstreamType: (type, most) => write(() => setType(type, most)),
    deleteUpstreamType: (account, upstream, profileType) =>
      write(() =>
        Number(statements.deleteType.run(account, upstream, profileType).changes) === 1
          ? 'deleted'
          : 'unknown',
      ),
  };
}
