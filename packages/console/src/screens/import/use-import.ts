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

/** Milliseconds between two views of a running import: it may report thousands of rows in each of them. */
const VIEW = 200;

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
    const reports = gather();
    let viewed = started;
    const view = (end: Partial<State>) => {
      viewed = Date.now();
      setState({ ...BEFORE, ...reports.view(), seconds: (viewed - started) / 1_000, ...end });
    };
    view({ isBusy: true });
    try {
      for await (const report of api.importEUICCProfiles(file, options, { signal })) {
        reports.add(report);
        if (Date.now() > viewed + VIEW) view({ isBusy: true });
      }
      view({});
    } catch (error) {
      view(signal.aborted ? { isStopped: true } : { error });
    }
  };
  return { ...state, start, stop: () => stop.current.abort() };
}

/** Keeps what an import reports. */
function gather() {
  const failures: ImportRowError[] = [];
  const warnings: ImportRowWarning[] = [];
  let counts: ImportCounts | undefined;
  let summary: ImportSummary | undefined;
  return {
    add: (report: ImportReport) => {
      if (report.type === 'error') failures.push(report);
      else if (report.type === 'warning') warnings.push(report);
      else counts = report;
      if (report.type === 'summary') summary = report;
    },
    view: () => ({ counts, summary, failures: failures.slice(), warnings: warnings.slice() }),
  };
}
