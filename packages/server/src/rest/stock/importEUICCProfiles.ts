import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Store } from '@esim-rsp/smdp/ports';
import { Type } from '@sinclair/typebox';
import { about, closed, literals, named } from '../../shapes/shape.ts';
import { MOST_TARGETS } from '../../store/ports/audit.ts';
import type { UpstreamStore } from '../../store/ports/gateway/upstreams.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { endUnread } from '../frame/unread-answer.ts';
import { profileNames } from '../profiles/profile-labels.ts';
import { ownedUpstream } from '../upstreams/owned-upstream.ts';
import { UpstreamParams } from '../upstreams/upstream.ts';
import { startDryRun } from './import/dry-run/dry-run.ts';
import { failedRowsText } from './import/failed-rows.ts';
import { formatsByType, readFile } from './import/file.ts';
import { type ImportStore, importProfiles, MOST_FAILED } from './import/import-profiles.ts';
import { ImportReport } from './import/report.ts';

const ImportFailedRows = named(
  'ImportFailedRows',
  literals(
    ['reports', 'csv'] as const,
    'Failed rows of CSV as they came, secrets included: in each ImportRowError (reports), or as a CSV file that is the whole answer (csv), with the reason in front, to correct and send again',
  ),
);

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
      upstream: Type.Optional(
        about(
          'The Profiles are at this upstream: rows have iccid, and if it is known imsi and msisdn, but no package, keys or codes',
          UpstreamParams.properties.upstream,
        ),
      ),
      failed_rows: Type.Optional(about('How failed rows of CSV are returned', ImportFailedRows)),
      dry_run: Type.Optional(
        Type.Boolean({
          description:
            'Check every row as an import does, report what would be created, and write nothing. The summary has dry_run',
        }),
      ),
      allow_duplicate_imsi: Type.Optional(
        Type.Boolean({
          description:
            'Take rows whose IMSI another Profile of the account has, in the file or in stock. Without it they fail with imsi_in_use, unless the other Profile is DELETED or UNAVAILABLE',
        }),
      ),
    },
    { ...closed, description: 'What rows have that do not say it themselves' },
  ),
);

export const MOST_PER_ACCOUNT = 4;
/** Reports that wait for a caller who sends everything before reading anything: all failures, and some progress. */
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
    404: { description: 'There is no such upstream', code: 'upstream_not_found' },
    503: {
      description: 'The account has too many imports in progress, or whose answers it has not read',
      code: 'too_many_imports',
    },
  },
  respond: async (services: Services<ImportStore & UpstreamStore>, call, reply) => {
    const { account, keyId, session, query, headers, stream, audit } = call;
    const { ignore_columns = '', failed_rows, dry_run, allow_duplicate_imsi, upstream, ...labels } = query;
    const allowsDuplicateImsi = allow_duplicate_imsi === true;
    const type = String(headers['content-type']).toLowerCase().split(';')[0]?.trim() ?? '';
    const ignored = ignore_columns === '' ? [] : ignore_columns.split(',');
    const readRows = readFile(formatsByType[type], ignored, upstream !== undefined);
    if (!Object.hasOwn(formatsByType, type) || stream === undefined || audit === undefined)
      throw new HttpProblem(400, 'invalid_import', 'the request has no body');
    if (upstream !== undefined) await ownedUpstream(services, account, upstream);
    const created = { count: 0, iccids: [] as string[] };
    const onCreated = (iccid: string) => {
      created.count += 1;
      if (created.count <= MOST_TARGETS) created.iccids.push(iccid);
    };
    const request = {
      account,
      keyId,
      ...(session !== undefined && { session }),
      onCreated,
      body: stream,
      readRows,
      labels,
      ...(upstream !== undefined && { upstream }),
      withSource: failed_rows !== undefined,
      allowsDuplicateImsi,
      ...(dry_run && { dryRun: startDryRun(allowsDuplicateImsi) }),
    };
    beOneOfFew(services.store, account, reply.raw);
    const all = importProfiles(services, request);
    const reports = dry_run ? all : auditedAtEnd(all, () => audit(created.iccids, created.count));
    const first = await reports.next(); // what is wrong from the beginning is answered as such
    const isFile = failed_rows === 'csv';
    const textOf = isFile ? failedRowsText() : (report: ImportReport) => `${JSON.stringify(report)}\n`;
    const texts = Readable.from(textsOf(first, reports, textOf), { highWaterMark: WAITING_REPORTS });
    reply.type(isFile ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
    return texts;
  },
});

/** The reports as text, from the first one on. Not a generator: one that is never started would not end `reports` when the caller leaves. */
function textsOf(
  first: IteratorResult<ImportReport, void>,
  reports: AsyncGenerator<ImportReport, void>,
  textOf: (report: ImportReport) => string,
): AsyncIterable<string> {
  let next: typeof first | undefined = first;
  const texts: AsyncIterator<string, void> = {
    next: async () => {
      for (;;) {
        const { done, value } = next ?? (await reports.next());
        next = undefined;
        if (done) return { done, value };
        const text = textOf(value);
        if (text !== '') return { done: false, value: text };
      }
    },
    return: () => reports.return() as Promise<IteratorReturnResult<void>>,
  };
  return { [Symbol.asyncIterator]: () => texts };
}

/** How many imports each account has under way, by the store that they fill. */
const underWay = new WeakMap<Store, Map<string, number>>();

/** An import holds rows and reports in memory until its answer has been read, so an account has a few at a time. */
function beOneOfFew(store: Store, account: string, response: ServerResponse): void {
  const counts = underWay.get(store) ?? new Map<string, number>();
  underWay.set(store, counts);
  const others = counts.get(account) ?? 0;
  if (others >= MOST_PER_ACCOUNT)
    throw new HttpProblem(
      503,
      'too_many_imports',
      `the account has ${MOST_PER_ACCOUNT} imports in progress, the most that it may have: read the answer of one to its end`,
    );
  counts.set(account, others + 1);
  response.once('close', () => counts.set(account, (counts.get(account) ?? 1) - 1));
  endUnread(response);
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
