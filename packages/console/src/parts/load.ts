import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';

export type Loaded<T> = {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Loads again; the old data stays until the new one is there. */
  readonly reload: () => void;
};

/** Loads something when the screen opens and when `inputs` change. Answers to older inputs are dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, inputs: DependencyList): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ data?: T | undefined; error?: unknown; isLoading: boolean }>({
    isLoading: true,
  });
  const latest = useRef(load);
  latest.current = load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the inputs starts the load again.
  useEffect(() => {
    const stop = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    latest.current(stop.signal).then(
      (data) => stop.signal.aborted || setState({ data, isLoading: false }),
      (error) => stop.signal.aborted || setState((before) => ({ ...before, error, isLoading: false })),
    );
    return () => stop.abort();
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}

export type Page<T> = {
  readonly rows: readonly T[];
  readonly next: string | undefined;
  readonly limited?: boolean;
  readonly total?: number | undefined;
};

export type Pages<T> = {
  readonly rows: readonly T[];
  readonly total: number | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly isLimited: boolean;
  readonly more: () => void;
  readonly reload: () => void;
  /** Replaces rows by newer ones, without loading the list again. */
  readonly change: (edit: (rows: readonly T[]) => readonly T[]) => void;
};

type PagesState<T> = {
  readonly rows: readonly T[];
  readonly total: number | undefined;
  readonly next: string | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly isLimited: boolean;
};

const EMPTY = {
  rows: [],
  total: undefined,
  next: undefined,
  error: undefined,
  isLoading: true,
  isLimited: false,
};

/** A list by cursor: the first page when the inputs change, and one more with each `more`. */
export function usePages<T>(
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  inputs: DependencyList,
): Pages<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<PagesState<T>>(EMPTY);
  const latest = useRef(load);
  latest.current = load;
  const current = useRef(new AbortController());

  const fetchPage = useCallback((cursor: string | undefined) => {
    const { signal } = current.current;
    setState((before) => ({ ...before, isLoading: true, error: undefined }));
    latest.current(cursor, signal).then(
      (page) => signal.aborted || setState((before) => addPage(before, page, cursor === undefined)),
      (error) => signal.aborted || setState((before) => ({ ...before, error, isLoading: false })),
    );
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the inputs starts the list again.
  useEffect(() => {
    current.current.abort();
    current.current = new AbortController();
    fetchPage(undefined);
    return () => current.current.abort();
  }, [...inputs, turn]);

  const { next, isLoading, error } = state;
  const more = useCallback(() => {
    if (next !== undefined && !isLoading && error === undefined) fetchPage(next);
  }, [next, isLoading, error, fetchPage]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const change = useCallback(
    (edit: (rows: readonly T[]) => readonly T[]) =>
      setState((before) => ({ ...before, rows: edit(before.rows) })),
    [],
  );
  return { ...state, hasMore: next !== undefined, more, reload, change };
}

function addPage<T>(before: PagesState<T>, page: Page<T>, isFirst: boolean): PagesState<T> {
  return {
    rows: isFirst ? page.rows : [...before.rows, ...page.rows],
    total: isFirst ? page.total : before.total,
    next: page.next,
    error: undefined,
    isLoading: false,
    isLimited: page.limited === true,
  };
}
