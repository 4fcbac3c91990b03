import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useText } from '../text/text.ts';
import { type Column, shownOf } from './column.tsx';
import type { Pages } from './load.ts';
import { Problem } from './problem.tsx';

type Selecting<T> = {
  readonly selected: ReadonlySet<string>;
  readonly label: (row: T) => string;
  readonly labelAll: string;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
};

type Props<T> = {
  readonly label: string;
  readonly pages: Pages<T>;
  readonly columns: readonly Column<T>[];
  readonly idOf: (row: T) => string;
  readonly selecting?: Selecting<T>;
  /** Rows that changed by themselves fade in once. */
  readonly fresh?: ReadonlySet<string>;
};

const ROW = 44;
const CARD = 76;
/** How many rows are left when the next page is requested. */
const AHEAD = 40;

/** A list of any length: only the rows in view are in the page, and more come while it is scrolled. */
export function Rows<T>({ label, pages, columns, idOf, selecting, fresh }: Props<T>) {
  const text = useText();
  const isNarrow = useIsNarrow();
  const { rows, hasMore, isLoading, error, more } = pages;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is above the list may have changed when its rows do.
  useEffect(() => {
    const box = body.current?.getBoundingClientRect();
    if (box !== undefined) setTop(box.top + window.scrollY);
  }, [rows.length, isNarrow]);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isNarrow ? CARD : ROW),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (i) => idOf(rows[i] as T),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights of all rows change with the screen.
  useEffect(() => virtual.measure(), [isNarrow]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last > rows.length - AHEAD) more();
  }, [last, rows.length, hasMore, more]);
  const above = (items[0]?.start ?? top) - top;
  const below = virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  const spanned = columns.length + (selecting === undefined ? 0 : 1);
  return (
    <>
      <table
        className="rows"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-busy={isLoading}
      >
        <Head columns={columns} rows={rows} idOf={idOf} selecting={selecting} />
        <tbody ref={body}>
          <Spacer height={above} span={spanned} />
          {items.map(({ index, key }) => (
            <DataRow
              key={String(key)}
              row={rows[index] as T}
              index={index}
              columns={columns}
              idOf={idOf}
              selecting={selecting}
              isFresh={fresh?.has(String(key)) === true}
            />
          ))}
          <Spacer height={below} span={spanned} />
        </tbody>
      </table>
      <Problem error={error} onRetry={pages.reload} />
      {pages.isLimited && <p className="muted">{text.limited}</p>}
      {isLoading && <p role="status">{text.loading}</p>}
      {!isLoading && hasMore && (
        <button type="button" onClick={more}>
          {text.more}
        </button>
      )}
    </>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the empty row cannot have the focus.
    <tr aria-hidden="true" className="spacer">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

type HeadProps<T> = Pick<Props<T>, 'columns' | 'idOf'> & {
  readonly rows: readonly T[];
  readonly selecting: Selecting<T> | undefined;
};

function Head<T>({ columns, rows, idOf, selecting }: HeadProps<T>) {
  const isAll =
    selecting !== undefined && rows.length > 0 && rows.every((row) => selecting.selected.has(idOf(row)));
  return (
    <thead>
      <tr>
        {selecting !== undefined && (
          <th scope="col" className="check">
            <input
              type="checkbox"
              aria-label={selecting.labelAll}
              checked={isAll}
              onChange={() => selecting.onSelect(new Set(isAll ? [] : rows.map(idOf)))}
            />
          </th>
        )}
        {columns.map(({ title, on, align, width }) => (
          <th
            key={title}
            scope="col"
            {...(width !== undefined && { style: { width } })}
            className={`${on ?? ''} ${align ?? ''}`}
          >
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

type DataRowProps<T> = Pick<Props<T>, 'columns' | 'idOf'> & {
  readonly row: T;
  readonly index: number;
  readonly selecting: Selecting<T> | undefined;
  readonly isFresh: boolean;
};

function DataRow<T>({ row, index, columns, idOf, selecting, isFresh }: DataRowProps<T>) {
  const id = idOf(row);
  const toggle = () => {
    const next = new Set(selecting?.selected);
    if (!next.delete(id)) next.add(id);
    selecting?.onSelect(next);
  };
  const isSelected = selecting?.selected.has(id) === true;
  return (
    <tr aria-rowindex={index + 2} className={`${isFresh ? 'fresh' : ''} ${isSelected ? 'selected' : ''}`}>
      {selecting !== undefined && (
        <td className="check">
          <input type="checkbox" aria-label={selecting.label(row)} checked={isSelected} onChange={toggle} />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.title} className={`${column.on ?? ''} ${column.align ?? ''}`}>
          {shownOf(column, row)}
        </td>
      ))}
    </tr>
  );
}

const narrow = window.matchMedia('(max-width: 719px)');

function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}
