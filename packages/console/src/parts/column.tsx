import type { ReactNode } from 'react';
import { useText } from '../text/text.ts';
import { saveFile, toCsv } from './csv.ts';

/** A column of a table, on the screen and in its file. */
export type Column<T> = {
  readonly title: string;
  /** What the file has, and the screen too unless `cell` shows it in another way. */
  readonly value: (row: T) => string | number | undefined;
  readonly cell?: (row: T) => ReactNode;
  /** `wide`: left out on small screens; `main`: the first line of a card there. */
  readonly on?: 'wide' | 'main';
  readonly align?: 'end';
  /** In a long list: its width where there is room, such as 19rem. Columns without share the rest. */
  readonly width?: string;
};

/** What the screen shows of a row in a column. Where there is no value, every table has a dash. */
export function shownOf<T>({ cell, value }: Column<T>, row: T): ReactNode {
  return (cell === undefined ? value(row) : cell(row)) ?? <span className="muted">–</span>;
}

type ExportProps<T> = {
  readonly name: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
};

/** Saves what a table shows as a file for spreadsheets. */
export function ExportButton<T>({ name, columns, rows }: ExportProps<T>) {
  const text = useText();
  const save = () =>
    saveFile(
      `${name}.csv`,
      toCsv(
        columns.map(({ title }) => title),
        rows.map((row) => columns.map(({ value }) => value(row))),
      ),
    );
  return (
    <button type="button" title={text.exportHint} onClick={save} disabled={rows.length === 0}>
      {text.export}
    </button>
  );
}
