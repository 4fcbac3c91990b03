import { closeSync, rmSync, writeSync } from 'node:fs';
import type { ImportRowError } from '@esim-rsp/sdk';
import { BYTE_ORDER_MARK, spreadsheetLine } from '@esim-rsp/server/shapes/csv-text';
import { createFile } from './keys-file.ts';

/** The failed rows of an import, to correct and import again. */
export type FailedFile = { write(failure: ImportRowError): void; close(): void };

/** Creates a file that only its owner can read: rows have keys. Without failures there is none. */
export function newFailedFile(path: string): FailedFile {
  const file = createFile(path);
  let count = 0;
  return {
    write: ({ columns, fields, message }) => {
      if (columns === undefined || fields === undefined) return;
      if (count === 0)
        writeSync(file, `${BYTE_ORDER_MARK}${spreadsheetLine(['import_error', ...columns])}\r\n`);
      writeSync(file, `${spreadsheetLine([message, ...fields])}\r\n`);
      count += 1;
    },
    close: () => {
      closeSync(file);
      if (count === 0) rmSync(path);
    },
  };
}
