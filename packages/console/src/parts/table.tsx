import { type Column, shownOf } from './column.tsx';

type Props<T> = {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly idOf: (row: T) => string;
};

/** A short table, all of whose rows are in the page. A wide one scrolls in its own box. */
export function Table<T>({ label, rows, columns, idOf }: Props<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls needs the keyboard.
    <section className="scroll" aria-label={label} tabIndex={0}>
      <table className="short">
        <thead>
          <tr>
            {columns.map(({ title, on, align }) => (
              <th key={title} scope="col" className={`${on ?? ''} ${align ?? ''}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)}>
              {columns.map((column) => (
                <td key={column.title} className={`${column.on ?? ''} ${column.align ?? ''}`}>
                  {shownOf(column, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
