import type { OldRecordKind, OldRecordStore } from '../../ports/logs/old-records.ts';
import type { TextCall, TextEngine } from '../text-call.ts';

type Kind = {
  readonly table: string;
  readonly id: string;
  /** What changes when the record changes. */
  readonly version: string;
  readonly isOld: string;
  readonly order: string;
  /** The columns that are kept: nothing secret is among them. */
  readonly kept: readonly string[];
  /** Of those: JSON. */
  readonly json: readonly string[];
};

const kinds: Readonly<Record<OldRecordKind, Kind>> = {
  session: {
    table: 'session',
    id: 'transaction_id',
    version: 'version',
    isOld: 'expires_at < ?',
    order: 'expires_at',
    kept: ['stage', 'expires_at', 'eid', 'iccid', 'asked_iccid', 'order_id', 'opened_at', 'journal'],
    json: ['journal'],
  },
  delivery: {
    table: 'delivery',
    id: 'id',
    version: 'attempts',
    isOld: `created_at < ? and state <> 'pending'`,
    order: 'created_at',
    kept: [
      ...['kind', 'target', 'account', 'event_id', 'type', 'iccid', 'facts', 'state', 'created_at'],
      ...['last_attempt_at', 'last_status', 'last_error'],
    ],
    json: ['facts'],
  },
};

type Row = Readonly<Record<string, unknown>>;

/** The same statements on every engine. */
export function oldRecordStore({ read, writeIf }: TextEngine): OldRecordStore {
  return {
    oldRecords: async (kind, before, most) => {
      const { table, id, version, isOld, order, kept } = kinds[kind];
      const columns = [id, version, ...kept].join(', ');
      const text = `select ${columns} from ${table} where ${isOld} order by ${order} limit ?`;
      const [rows = []] = await read([[text, before, most]]);
      return (rows as Row[]).map((row) => ({
        id: row[id] as number | string,
        version: Number(row[version]),
        content: JSON.stringify(contentOf(kinds[kind], row)),
      }));
    },
    deleteOldRecords: (kind, records) => {
      const { table, id, version } = kinds[kind];
      const text = `delete from ${table} where ${id} = ? and ${version} = ?`;
      return writeIf(records.map((record): TextCall => [text, record.id, record.version]));
    },
  };
}

function contentOf({ id, version, kept, json }: Kind, row: Row): Row {
  const names = [id, version, ...kept].filter((name) => row[name] !== null && row[name] !== '');
  return Object.fromEntries(
    names.map((name) => [name, json.includes(name) ? JSON.parse(String(row[name])) : row[name]]),
  );
}
