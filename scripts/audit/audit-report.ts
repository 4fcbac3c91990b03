type Severity = 'info' | 'low' | 'moderate' | 'high' | 'critical';

type Report = {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: Severity; readonly range: string }>
  >;
  readonly error?: { readonly code?: string; readonly summary?: string; readonly detail?: string };
  readonly message?: string;
};

/** From these on, the audit fails. */
const SERIOUS: readonly Severity[] = ['high', 'critical'];

/** What `npm audit --json` found, as text. Without a report the audit was not run, and does not fail. */
export function judgeAudit(
  stdout: string,
  stderr: string,
): { readonly text: string; readonly failed: boolean } {
  const report = readReport(stdout);
  if (report?.vulnerabilities === undefined)
    return { text: `audit: not run (${reasonOf(report, stderr)})`, failed: false };
  const found = Object.entries(report.vulnerabilities);
  const serious = found.filter(([, { severity }]) => SERIOUS.includes(severity));
  const lines = found.map(([name, { severity, range }]) => `${name} ${range}: ${severity}`);
  return {
    text: [...lines, `audit: ${found.length} known vulnerabilities, ${serious.length} of them serious`].join(
      '\n',
    ),
    failed: serious.length > 0,
  };
}

function readReport(stdout: string): Report | undefined {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    return undefined;
  }
}

function reasonOf(report: Report | undefined, stderr: string): string {
  const reason = report?.error?.summary || report?.error?.code || report?.message || stderr;
  return reason.trim().split('\n')[0] || 'npm audit gave no report';
}
