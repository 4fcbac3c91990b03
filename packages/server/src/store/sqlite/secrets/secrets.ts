import type { SQLInputValue } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { PlainRecord, SecretStore } from '../../ports/secrets/secret-store.ts';
import { type DataKeyRow, dataKeyColumns, type SealedTableRow } from '../../rows/secrets/data-keys.ts';
import type { Replacement } from '../../rows/secrets/replacement.ts';
import { isSecretTable, type SecretTable, secretTableNames } from '../../rows/secrets/secret-columns.ts';
import type { DataKeyTable } from '../../sealing/data-keys.ts';
import { MARKS, plainRecord, sealPlainValues } from '../../sealing/plain-values.ts';
import { sealAgain } from '../../sealing/seal-rows.ts';
import { plainRows, rowWithKey, type Text } from '../../statements/secrets/plain-values.ts';
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
} from '../../statements/secrets/secrets.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert, prepareUpdate } from '../connection/write-row.ts';

type Row = Readonly<Record<string, unknown>>;

export function sqliteDataKeys(connection: Connection): DataKeyTable {
  const { read, write } = connection;
  const statements = connection.prepareEach(dataKeyQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'data_key', dataKeyColumns, 'id'),
    update: () => prepareUpdate(connection, 'data_key', dataKeyColumns, ['id']),
  });
  const all = () => statements.all.all() as DataKeyRow[];
  return {
    rows: () => read(all),
    add: (row) =>
      write(() => {
        if (all().every(({ master_key }) => master_key === row.master_key)) writes.insert(row);
      }),
    count: (id, sealed) => write(() => void statements.count.run(sealed, id)),
    rewrap: (before, after) =>
      write(() => {
        const isSame = isDeepStrictEqual(all().map(keyOnly), before.map(keyOnly));
        if (isSame) for (const row of after) writes.update(row);
        return isSame;
      }),
    mayBegin: async () => true,
  };
}

/** Without the count, which other processes change. */
function keyOnly({ id, wrapped }: DataKeyRow) {
  return { id, wrapped: [...wrapped] };
}

export function sqliteSecrets(connection: Connection): SecretStore {
  const { db, sealing, read, write } = connection;
  const table = sqliteDataKeys(connection);
  const statements = connection.prepareEach(dataKeyQueries);
  const states = () => statements.sealedTables.all() as SealedTableRow[];
  const replace = (name: SecretTable, row: Row, replacement: Replacement) => {
    const { text, values } = replaceIn(name, row, replacement);
    db.prepare(text).run(...(values as SQLInputValue[]));
  };
  const sealSome = () => {
    const dataKey = sealing.current();
    const part = dataKey === undefined ? undefined : nextPart(states(), dataKey);
    if (dataKey === undefined || part === undefined) return { rows: 0, sealed: 0 };
    const after = (part.after ?? []) as SQLInputValue[];
    const rows = db.prepare(partRows(part)).all(...after, SEALED_AT_ONCE) as Row[];
    let sealed = 0;
    for (const row of rows)
      for (const replacement of sealAgain(sealing, part.table, row)) {
        replace(part.table, row, replacement);
        sealed += 1;
      }
    db.prepare(putSealedTable.text).run(part.table, dataKey, lastRow(part.table, rows));
    return { table: part.table, rows: rows.length, sealed };
  };
  const secretsStatus = () =>
    read(() => statusFrom(statements.all.all() as DataKeyRow[], states(), sealing.current()));
  const rowsOf = ({ text, values }: Text) => db.prepare(text).all(...values) as Row[];
  const sealPlain = ({ table: name, key }: Pick<PlainRecord, 'table' | 'key'>) => {
    if (!isSecretTable(name)) return 'unknown';
    const row = () => rowsOf(rowWithKey(name, key))[0] ?? {};
    if (plainRecord(name, row()) === undefined) return 'unknown';
    for (const replacement of sealPlainValues(sealing, name, row())) replace(name, row(), replacement);
    return plainRecord(name, row()) === undefined ? 'sealed' : 'taken';
  };
  /** What was not sealed does not stay in free pages. */
  const withoutTraces = <T>(change: () => T): T => {
    db.exec('pragma secure_delete = on');
    try {
      return change();
    } finally {
      db.exec('pragma secure_delete = off');
    }
  };
  return {
    plainRecords: (most) =>
      read(() =>
        secretTableNames.flatMap((name) =>
          rowsOf(plainRows(name, MARKS, most)).flatMap((row) => plainRecord(name, row) ?? []),
        ),
      ),
    sealPlain: (record) => write(() => withoutTraces(() => sealPlain(record))),
    secretsStatus,
    addDataKey: (beginsAt) => sealing.addDataKey(table, beginsAt),
    rewrapDataKeys: (master) => sealing.rewrap(table, master),
    sealForFile: async (place, secret) => sealing.sealForFile(place, secret),
    openFromFile: (place, sealed) => sealing.openFromFile(table, place, sealed),
    refusePlain: async () => {
      if (isAllSealed(await secretsStatus())) await sealing.refusePlain(table);
    },
    sealSome: () => write(() => withoutTraces(sealSome), SEALED_AT_ONCE),
  };
}
