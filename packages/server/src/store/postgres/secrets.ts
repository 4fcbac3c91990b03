import { isDeepStrictEqual } from 'node:util';
import type { SecretStore } from '../ports/secrets/secret-store.ts';
import { type DataKeyRow, dataKeyColumns, type SealedTableRow } from '../rows/secrets/data-keys.ts';
import { isSecretTable, secretTableNames } from '../rows/secrets/secret-columns.ts';
import type { DataKeyTable } from '../sealing/data-keys.ts';
import { MARKS, plainRecord, sealPlainValues } from '../sealing/plain-values.ts';
import { sealAgain } from '../sealing/seal-rows.ts';
import { plainRows, rowWithKey, type Text } from '../statements/secrets/plain-values.ts';
import {
  dataKeyQueries,
  isAllSealed,
  lastRow,
  nextPart,
  partRows,
  putSealedTable,
  replaceIn,
  SEALED_AT_ONCE,
  statusFrom,
} from '../statements/secrets/secrets.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import { forUpdate, rowStatement, statementsOf } from './connection/statements.ts';
import { insertCall, updateCall } from './connection/write-row.ts';

type Row = Readonly<Record<string, unknown>>;

const statements = statementsOf(dataKeyQueries);
const lockAll = forUpdate(statements.all);
const insert = insertCall('data_key', dataKeyColumns, 'id');
const update = updateCall('data_key', dataKeyColumns, ['id']);
const put = rowStatement(putSealedTable);
const textOf = (text: string) => rowStatement({ text, names: [] });

export function postgresDataKeys({ rowsAlone, change, transaction }: Connection): DataKeyTable {
  /** Writes something if the data keys, which stay as they are meanwhile, allow it. */
  const writeIf = (allow: (rows: readonly DataKeyRow[]) => boolean, calls: readonly Call[]) =>
    transaction(async (session) => {
      const [locked] = await session.run([{ statement: lockAll, values: [] }]);
      const isAllowed = allow((locked?.rows ?? []) as DataKeyRow[]);
      if (isAllowed) await session.run(calls);
      return isAllowed;
    });
  return {
    rows: async () => (await rowsAlone(statements.all)) as DataKeyRow[],
    add: async (row) => {
      await writeIf((rows) => rows.every(({ master_key }) => master_key === row.master_key), [insert(row)]);
    },
    count: async (id, sealed) => void (await change(statements.count, sealed, id)),
    rewrap: (before, after) =>
      writeIf((rows) => isDeepStrictEqual(rows.map(keyOnly), before.map(keyOnly)), after.map(update)),
    mayBegin: async () => (await rowsAlone(statements.anyAccount)).length === 0,
  };
}

/** Without the count, which other processes change. */
function keyOnly({ id, wrapped }: DataKeyRow) {
  return { id, wrapped: [...wrapped] };
}

export function postgresSecrets(connection: Connection): SecretStore {
  const { sealing, rowsAlone, write } = connection;
  const table = postgresDataKeys(connection);
  const states = async () => (await rowsAlone(statements.sealedTables)) as SealedTableRow[];
  const sealSome = async () => {
    const dataKey = sealing.current();
    const part = dataKey === undefined ? undefined : nextPart(await states(), dataKey);
    if (dataKey === undefined || part === undefined) return { rows: 0, sealed: 0 };
    const { table: name, after = [] } = part;
    const rows = (await rowsAlone(textOf(partRows(part)), ...after, SEALED_AT_ONCE)) as Row[];
    const replacements = rows.flatMap((row) =>
      sealAgain(sealing, name, row).map((replacement) => {
        const { text, values } = replaceIn(name, row, replacement);
        return { statement: textOf(text), values };
      }),
    );
    await write([...replacements, { statement: put, values: [name, dataKey, lastRow(name, rows)] }]);
    return { table: name, rows: rows.length, sealed: replacements.length };
  };
  const secretsStatus = async () =>
    statusFrom((await rowsAlone(statements.all)) as DataKeyRow[], await states(), sealing.current());
  const rowsOf = async ({ text, values }: Text) => (await rowsAlone(textOf(text), ...values)) as Row[];
  const sealPlain: SecretStore['sealPlain'] = async ({ table: name, key }) => {
    if (!isSecretTable(name)) return 'unknown';
    const read = async () => (await rowsOf(rowWithKey(name, key)))[0] ?? {};
    const row = await read();
    if (plainRecord(name, row) === undefined) return 'unknown';
    const replacements = sealPlainValues(sealing, name, row).map((replacement) => {
      const { text, values } = replaceIn(name, row, replacement);
      return { statement: textOf(text), values };
    });
    await write(replacements);
    return plainRecord(name, await read()) === undefined ? 'sealed' : 'taken';
  };
  return {
    plainRecords: async (most) => {
      const found = [];
      for (const name of secretTableNames)
        for (const row of await rowsOf(plainRows(name, MARKS, most)))
          found.push(plainRecord(name, row) ?? []);
      return found.flat();
    },
    sealPlain,
    secretsStatus,
    addDataKey: (beginsAt) => sealing.addDataKey(table, beginsAt),
    rewrapDataKeys: (master) => sealing.rewrap(table, master),
    sealForFile: async (place, secret) => sealing.sealForFile(place, secret),
    openFromFile: (place, sealed) => sealing.openFromFile(table, place, sealed),
    refusePlain: async () => {
      if (isAllSealed(await secretsStatus())) await sealing.refusePlain(table);
    },
    sealSome,
  };
}
