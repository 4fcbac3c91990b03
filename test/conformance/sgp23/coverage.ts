import { type Entry, index, type Result, summary, type Variant } from './runner.ts';

/** The text of docs/spec/coverage.md: the index with the results of a run. */
export function coveragePage(results: readonly Result[]): string {
  const rows = index.map((entry) => row(entry, results));
  return [
    '# Coverage of SGP.23 section 4.3 (SM-DP+)',
    '',
    '`npm run conformance -- --coverage` prints this page. The sequences are described in',
    '[test/conformance/sgp23](../../test/conformance/sgp23/README.md). NIST is P-256, BRP is brainpoolP256r1.',
    'Sections that begin with "client:" are our own: this server is the Operator, which calls another SM-DP+ over ES2+.',
    '',
    `${summary(results)} (each sequence counts once per variant).`,
    '',
    '| section | sequence | expected | NIST | BRP | result |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row({ id, section, title, expected }: Entry, results: readonly Result[]): string {
  const of = (variant: Variant) => results.find((result) => result.id === id && result.variant === variant);
  const both = [of('NIST'), of('BRP')];
  const reasons = new Set(both.flatMap((result) => result?.reason ?? []));
  const verdict = both.every((result) => result?.result === 'passed') ? 'conforms' : [...reasons].join('; ');
  const cells = [
    section,
    id.endsWith(title) ? id : `${id}: ${title}`,
    expected,
    ...both.map((result) => result?.result ?? ''),
    verdict,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
