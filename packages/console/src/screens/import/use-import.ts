import type {
  ImportCounts,
  ImportOptions,
  ImportReport,
  ImportRowError,
  ImportRowWarning,
  ImportSummary,
} from '@esim-rsp/sdk';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../session/session.ts';

export type Import = {
  readonly counts: ImportCounts | undefined;
  readonly failures: readonly ImportRowError[];
  readonly warnings: readonly ImportRowWarning[];
  readonly summary: ImportSummary | undefined;
  readonly isBusy: boolean;
  readonly isStopped: boolean;
  readonly error: unknown;
  readonly seconds: number;
  readonly start: (file: File, options: ImportOptions) => Promise<void>;
  readonly stop: () => void;
};

type State = Omit<Import, 'start' | 'stop'>;

const BEFORE: State = {
  counts: undefined,
  failures: [],
  warnings: [],
  summary: undefined,
  isBusy: false,
  isStopped: false,
  error: undefined,
  seconds: 0,
};

/** An import that reports while it runs. It can be stopped: what was created stays. */
export function useImport(): Import {
  const api = useApi();
  const [state, setState] = useState(BEFORE);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const start = async (file: File, options: ImportOptions) => {
    stop.current = new AbortController();
    const { signal } = stop.current;
    const started = Date.now();
    setState({ ...BEFORE, isBusy: true });
    try {
      for await (const report of api.importEUICCProfiles(file, options, { signal }))
        setState((before) => ({ ...add(before, report), seconds: (Date.now() - started) / 1_000 }));
    } catch (error) {
      setState((before) => ({ ...before, ...(signal.aborted ? { isStopped: true } : { error }) }));
    }
    setState((before) => ({ ...before, isBusy: false }));
  };
  return { ...state, start, stop: () => stop.current.abort() };
}

function add(before: State, report: ImportReport): State {
  switch (report.type) {
    case 'progress':
      return { ...before, counts: report };
    case 'error':
      return { ...before, failures: [...before.failures, report] };
    case 'warning':
      return { ...before, warnings: [...before.warnings, report] };
    case 'summary':
      return { ...before, counts: report, summary: report };
  }
}
