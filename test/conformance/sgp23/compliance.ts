import { readFileSync } from 'node:fs';
import { es2plus, es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import { index, type Result, summary } from './runner.ts';

/** A row of docs/spec/divergences.md: what we do, and the kinds of divergence that it is. */
type Divergence = { readonly part: string; readonly what: string; readonly kind: string };

/** The functions of ES8+ have no table in the code: they are parts of a Bound Profile Package (SGP.22 5.5). */
const ES8_PLUS = {
  InitialiseSecureChannel: '5.5.1',
  ConfigureISDP: '5.5.2',
  StoreMetadata: '5.5.3',
  ReplaceSessionKeys: '5.5.4',
  LoadProfileElements: '5.5.5',
} as const;

/** How sections of index.json begin in which this server calls another SM-DP+. */
const CLIENT = 'client: ';

/** Sections of index.json that are not about one function. */
const OTHER_SECTIONS = [
  ['ES2+', '4.3.6 ES2+ TLS'],
  ['ES2+ as a client', `${CLIENT}HTTP and TLS of ES2+`],
  ['ES9+', '4.3.17 ES9+ TLS'],
  ['all', 'Complete flows'],
] as const;

/** The section of index.json that has the sequences of all functions of ES8+. */
const ES8_SECTION = '4.3.7 to 4.3.11 ES8+';

const repository = new URL('../../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, repository), 'utf8');

/** The text of docs/spec/compliance.md: what this SM-DP+ supports of SGP.22, from the results of a run of `day` (YYYY-MM-DD). */
export function compliancePage(results: readonly Result[], day: string): string {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  const divergences = readDivergences(textOf('docs/spec/divergences.md'));
  const ofKind = (kind: string) =>
    divergences.filter((row) => row.kind.includes(kind) && row.part !== 'Virtual eUICC');
  return [
    '# Compliance statement',
    '',
    `esim-rsp ${version}, ${day}. \`npm run conformance -- --coverage\` writes this page from the results of that run, and a test compares the two.`,
    '',
    'This statement is about our own tests. It is not a certification: that takes an audit of the site (SAS-SM) and tests of the product by others (SGP.24). See [from a test to phones that people own](../guide/real-phones.md).',
    '',
    '## What is claimed',
    '',
    '| | |',
    '|---|---|',
    '| role | SM-DP+; Operator (ES2+ client) at other SM-DP+ |',
    `| specification | SGP.22 version 2; X-Admin-Protocol is \`${ADMIN_PROTOCOL}\` |`,
    '| eUICCs | every eUICC whose lowest version is 2.x |',
    '| bindings of ES9+ | JSON (6.5.2) and ASN.1 (6.6.2) |',
    '| curves | NIST P-256 and brainpoolP256r1 |',
    `| sequences of SGP.23 4.3 | ${countText(results, (id) => !isOfClient(id))} |`,
    `| sequences as an ES2+ client | ${countText(results, isOfClient)} |`,
    '',
    'The sequences follow SGP.23 section 4.3 as published test suites describe it. Each counts twice, on P-256 and on brainpoolP256r1. [Coverage](coverage.md) has one row for each.',
    '',
    'SGP.23 has no sequences for the client of ES2+. Ours call a receiver that checks each octet by itself, and refuses what SGP.22 5.3 and 6.5 do not allow.',
    '',
    '## Functions',
    '',
    '| interface | function | SGP.22 | sequences | passed | skipped | failed |',
    '|---|---|---|---|---|---|---|',
    ...functionRows(results),
    '',
    '## Sequences that do not run',
    '',
    ...skippedRows(results),
    '',
    '## Not supported',
    '',
    ...ofKind('missing').map(({ what }) => `* ${what}.`),
    '',
    '## Tolerated',
    '',
    'The server accepts more than the text requires, because real eUICCs, LPAs and operators send it. [Divergences](divergences.md) has the tests, and what we chose where the text leaves a choice.',
    '',
    ...ofKind('lenient').map(({ what }) => `* ${what}.`),
    '',
  ].join('\n');
}

/** The day that a page of this kind has; undefined if it has none. */
export function dayOf(page: string): string | undefined {
  return /^esim-rsp \S+, (\d{4}-\d\d-\d\d)\./m.exec(page)?.[1];
}

function functionRows(results: readonly Result[]): string[] {
  const declared = (name: string, functions: Readonly<Record<string, { readonly section: string }>>) =>
    Object.entries(functions).map(([fn, { section }]) => ({ name, fn, section }));
  const withSections = [
    ...declared('ES2+', es2plus),
    ...declared('ES2+', es2plusToOperator),
    ...declared('ES9+', es9plus),
  ].map(({ name, fn, section }) => {
    const ids = idsOf((title) => title.toLowerCase().endsWith(` ${fn.toLowerCase()}`));
    return [name, upperFirst(fn), section, ...counts(ids, results)];
  });
  const client = Object.entries(es2plus).map(([fn, { section }]) => {
    const ids = idsOf((title) => title === `${CLIENT}${section} ${upperFirst(fn)} sent`);
    return ['ES2+ as a client', upperFirst(fn), section, ...counts(ids, results)];
  });
  const es8 = Object.entries(ES8_PLUS).map(([fn, section]) => {
    const ids = idsOf((title, id) => title === ES8_SECTION && id.includes(fn));
    return ['ES8+', fn, section, ...counts(ids, results)];
  });
  const others = OTHER_SECTIONS.map(([name, section]) => {
    const ids = idsOf((title) => title === section);
    return [name, section, '', ...counts(ids, results)];
  });
  return [...withSections, ...client, ...es8, ...others].map((cells) => `| ${cells.join(' | ')} |`);
}

function idsOf(isWanted: (section: string, id: string) => boolean): ReadonlySet<string> {
  const ids = index
    .filter(({ id, section, title }) => isWanted(section, `${id} ${title}`))
    .map(({ id }) => id);
  return new Set(ids);
}

function counts(ids: ReadonlySet<string>, results: readonly Result[]): number[] {
  const own = results.filter(({ id }) => ids.has(id));
  const count = (wanted: Result['result']) => own.filter(({ result }) => result === wanted).length;
  return [own.length, count('passed'), count('skipped'), count('failed')];
}

function skippedRows(results: readonly Result[]): string[] {
  const skipped = results.filter(({ result }) => result === 'skipped');
  const byId = Map.groupBy(skipped, ({ id }) => id);
  return Array.from(byId, ([id, [first]]) => `* ${id}: ${first?.reason ?? ''}.`);
}

function readDivergences(page: string): Divergence[] {
  let part = '';
  const rows = [];
  for (const line of page.split('\n')) {
    part = /^## (.*)$/.exec(line)?.[1] ?? part;
    const [, what = '', kind = ''] = line
      .split(' | ')
      .join('|')
      .split('|')
      .map((cell) => cell.trim());
    if (line.startsWith('| ') && kind !== 'kind') rows.push({ part, what, kind });
  }
  return rows;
}

/** The ids of the sequences in which this server is the client of another SM-DP+. */
const ofClient = idsOf((title) => title.startsWith(CLIENT));

function isOfClient(id: string): boolean {
  return ofClient.has(id);
}

function countText(results: readonly Result[], isWanted: (id: string) => boolean): string {
  return summary(results.filter(({ id }) => isWanted(id))).replace('sequences: ', '');
}

function upperFirst(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
