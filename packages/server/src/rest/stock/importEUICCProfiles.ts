import { Readable } from 'node:stream';
import type { Store } from '@esim-rsp/smdp/ports';
import { Type } from '@sinclair/typebox';
import { closed, named } from '../../shapes/shape.ts';
import { MOST_TARGETS } from '../../store/ports/audit.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { profileNames } from '../profiles/profile-labels.ts';
import { formatsByType, readFile } from './import/file.ts';
import { type ImportStore, importProfiles, MOST_FAILED } from './import/import-profiles.ts';
import { ImportReport } from './import/report.ts';

const ImportEUICCProfilesQuery = named(
  'ImportEUICCProfilesQuery',
  Type.Object(
    {
      ...profileNames,
      ignore_columns: Type.Optional(
        Type.String({
          maxLength: 1000,
          description: 'Of CSV: names of columns to ignore, separated by commas',
        }),
      ),
    },
    { ...closed, description: 'What rows have that do not say it themselves' },
  ),
);

const MOST_PER_ACCOUNT = 4;
/**
 * Reports that wait for a caller who sends everything before reading anything: all failures, and some progress. A caller who then still
 * reads nothing is waited for.
 */
const WAITING_REPORTS = MOST_FAILED + 2_000;

export const importEUICCProfiles = operation({
  operationId: 'importEUICCProfiles',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/import',
  summary:
    'Create many profiles: from CSV with a line of column names, from NDJSON with a body of createEUICCProfile per line, or from a zip of profile packages. Profiles that exist already are skipped, so an import that broke can be sent again',
  bodyTypes: Object.keys(formatsByType),
  query: ImportEUICCProfilesQuery,
  permissions: ['order'],
  answers: {
    200: {
      description:
        'Lines of JSON (ImportReport): one per row that failed, progress between them, and a summary at the end. An import whose API key ends stops within seconds. Without a summary the connection broke: send everything again',
      schema: ImportReport,
      contentTypes: ['application/x-ndjson'],
    },
    400: { description: 'Nothing of the body can be read', code: 'invalid_import' },
    503: { description: 'The account has too many imports in progress', code: 'too_many_imports' },
  },
  respond: async (services: Services<ImportStore>, call, reply) => {
    const { account, keyId, query, headers, stream, audit } = call;
    const { ignore_columns = '', ...labels } = query;
    const type = String(headers['content-type']).toLowerCase().split(';')[0]?.trim() ?? '';
    const readRows = readFile(formatsByType[type], ignore_columns === '' ? [] : ignore_columns.split(','));
    if (!Object.hasOwn(formatsByType, type) || stream === undefined || audit === undefined)
      throw new HttpProblem(400, 'invalid_import', 'the request has no body');
    const created = { count: 0, iccids: [] as string[] };
    const onCreated = (iccid: string) => {
      created.count += 1;
      if (created.count <= MOST_TARGETS) created.iccids.push(iccid);
    };
    const request = { account, keyId, onCreated, body: stream, readRows, labels };
    const reports = oneOfFew(services.store, account, () =>
      auditedAtEnd(importProfiles(services, request), () => audit(created.iccids, created.count)),
    );
    const first = await reports.next(); // what is wrong from the beginning is answered as such
    const lines = Readable.from(linesOf(first, reports), { highWaterMark: WAITING_REPORTS });
    return reply.type('application/x-ndjson').send(lines);
  },
});

/** The reports as text, from the first one on. Not a generator: one that is never started would not end `reports` when the caller leaves. */
function linesOf(
  first: IteratorResult<ImportReport, void>,
  reports: AsyncGenerator<ImportReport, void>,
): AsyncIterable<string> {
  let next: typeof first | undefined = first;
  const lines: AsyncIterator<string, void> = {
    next: async () => {
      const { done, value } = next ?? (await reports.next());
      next = undefined;
      return done ? { done, value } : { done: false, value: `${JSON.stringify(value)}\n` };
    },
    return: () => reports.return() as Promise<IteratorReturnResult<void>>,
  };
  return { [Symbol.asyncIterator]: () => lines };
}

/** How many imports each account has under way, by the store that they fill. */
const underWay = new WeakMap<Store, Map<string, number>>();

/** Each import holds a batch of rows in memory, so an account has a few at a time. */
async function* oneOfFew<T>(
  store: Store,
  account: string,
  work: () => AsyncIterable<T>,
): AsyncGenerator<T, void> {
  const counts = underWay.get(store) ?? new Map<string, number>();
  underWay.set(store, counts);
  const others = counts.get(account) ?? 0;
  if (others >= MOST_PER_ACCOUNT)
    throw new HttpProblem(
      503,
      'too_many_imports',
      `the account has ${MOST_PER_ACCOUNT} imports in progress, the most that it may have: wait until one ends`,
    );
  counts.set(account, others + 1);
  try {
    yield* work();
  } finally {
    counts.set(account, (counts.get(account) ?? 1) - 1);
  }
}

/** Writes the audit entry before the summary, or when the import ends without one. Not for what is refused before the first report. */
async function* auditedAtEnd(
  reports: AsyncIterable<ImportReport>,
  write: () => Promise<void>,
): AsyncGenerator<ImportReport, void> {
  let [started, written] = [false, false];
  try {
    for await (const report of reports) {
      started = true;
      if (report.type === 'summary') {
        written = true;
        await write();
      }
      yield report;
    }
  } finally {
    if (started && !written) await write();
  }
}
