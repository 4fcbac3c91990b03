/** What a run has injected, and what it has found. */
export type Findings = {
  injected(count?: number): void;
  /** An acknowledged change, or an event that had to be delivered, is gone. */
  lost(what: string): void;
  /** Something else that must not be. */
  violation(what: string): void;
  count(): { readonly injected: number; readonly lost: number; readonly violations: number };
};

/** `print` gets each finding when it is found. */
export function createFindings(print: (line: string) => void): Findings {
  const counts = { injected: 0, lost: 0, violations: 0 };
  const record = (kind: 'lost' | 'violations', what: string) => {
    counts[kind]++;
    print(`${kind === 'lost' ? 'lost' : 'violation'}: ${what}`);
  };
  return {
    injected: (count = 1) => {
      counts.injected += count;
    },
    lost: (what) => record('lost', what),
    violation: (what) => record('violations', what),
    count: () => ({ ...counts }),
  };
}
