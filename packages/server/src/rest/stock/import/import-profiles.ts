import type { Readable } from 'node:stream';
import type { ApiKeyStore } from '../../../store/ports/api-keys.ts';
import type { CallerSession } from '../../frame/authenticate.ts';
import { hasKeyEnded, LOOK_FOR_KEY_MS } from '../../frame/end-of-key.ts';
import type { Services } from '../../frame/operation.ts';
import { HttpProblem } from '../../frame/problem.ts';
import type { ProblemCode } from '../../frame/problem-code.ts';
import { arriving } from './arriving.ts';
import { batchesOf } from './batches.ts';
import { iccidIn, type Outcome, outcomesOf, type RowStore, type RowTerms } from './outcomes.ts';
import type { ImportReport, ImportRowError, ImportRowWarning } from './report.ts';
import { ImportError, MOST_ROWS, placeOf, type ReadRows, type Row } from './row.ts';

export type ImportRequest = RowTerms & {
  /** The API key of the caller. */
  readonly keyId: string;
  readonly session?: CallerSession;
  readonly body: Readable;
  readonly readRows: ReadRows;
  /** Whether failures have the rows as they came. */
  readonly withSource?: boolean;
};

/** The records that an import uses. */
export type ImportStore = RowStore & Pick<ApiKeyStore, 'validApiKeys'>;

/** Warnings that are reported: a range without check digits has one for each row. */
const MOST_WARNINGS = 10;
type Counts = { rows: number; created: number; exists: number; failed: number; bytes: number };

/** More failures than this are the wrong file, and not mistakes in it. Each is reported, so their number limits the answer. */
export const MOST_FAILED = 10_000;
const EVERY_MS = 250;

/**
 * Creates profiles from what arrives, batch by batch, and reports progress and the rows that failed. What is reported is durable. The last
 * report is a summary, unless the caller has gone; throws what was thrown before the first row.
 */
export async function* importProfiles(
  services: Services<ImportStore>,
  request: ImportRequest,
): AsyncGenerator<ImportReport> {
  const counts: Counts = { rows: 0, created: 0, exists: 0, failed: 0, bytes: 0 };
  const dryRun = request.dryRun !== undefined && { dry_run: true };
  const pieces = arriving(request.body, (bytes) => {
    counts.bytes += bytes;
  });
  const mustHaveKey = keyCheck(services, request);
  let reportedAt = performance.now();
  let warnings = 0;
  try {
    for await (const batch of batchesOf(request.readRows(pieces), () => counts.bytes, packageBytes)) {
      if (services.stopping.aborted) throw new ImportError('the server is being stopped');
      await mustHaveKey();
      if (counts.rows + batch.length > MOST_ROWS)
        throw new ImportError(`there are more than ${MOST_ROWS} rows`);
      const env = { ...services.env(), caller: { keyId: request.keyId } };
      const outcomes = await outcomesOf(batch, { terms: request, services, env });
      yield* failuresIn(
        outcomes.map((outcome, i) =>
          request.withSource && typeof outcome !== 'string' ? { ...outcome, ...batch[i]?.source } : outcome,
        ),
        counts,
      );
      const doubts = batch
        .flatMap((row, i) => (outcomes[i] === 'created' ? warningsOf(row) : []))
        .slice(0, MOST_WARNINGS - warnings);
      warnings += doubts.length;
      yield* doubts;
      if (counts.failed >= MOST_FAILED)
        throw new ImportError(`${counts.failed} rows failed: correct the file, and send it again`);
      if (performance.now() - reportedAt < EVERY_MS) continue;
      yield { type: 'progress', ...counts };
      reportedAt = performance.now();
    }
    yield { type: 'summary', complete: true, ...counts, ...dryRun };
  } catch (error) {
    yield { type: 'summary', complete: false, ...counts, ...dryRun, ...ending(error, counts, services) };
  } finally {
    request.dryRun?.end();
  }
}

function packageBytes(row: Row): number {
  return 'package' in row ? row.package.length : 0;
}

/** Throws when the key of the import has ended: before a batch, and at most once a second. */
function keyCheck(services: Services<ImportStore>, request: ImportRequest): () => Promise<void> {
  let lookedAt = performance.now();
  return async () => {
    const now = performance.now();
    if (now - lookedAt < LOOK_FOR_KEY_MS) return;
    lookedAt = now;
    if (await hasKeyEnded(services, request))
      throw new ImportError(
        'the API key or the session of this import is not valid any more',
        'unauthorized',
      );
  };
}

function* failuresIn(outcomes: readonly Outcome[], counts: Counts): Generator<ImportRowError> {
  for (const outcome of outcomes) {
    counts.rows += 1;
    counts[typeof outcome === 'string' ? outcome : 'failed'] += 1;
    if (typeof outcome !== 'string') yield outcome;
  }
}

function warningsOf(row: Row): ImportRowWarning[] {
  if (!('body' in row) || row.warning === undefined) return [];
  return [{ type: 'warning', ...placeOf(row), ...iccidIn(row), message: row.warning }];
}

/** Why it ends before its end. Before the first row that is an answer of its own. */
function ending(
  error: unknown,
  { rows }: Counts,
  { log }: Services<unknown>,
): { code: ProblemCode; message: string } {
  const isOurs = error instanceof ImportError;
  if (rows === 0) throw isOurs ? problemFor(error) : error;
  if (isOurs) return { code: error.code, message: error.message };
  if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') throw error; // the caller has gone
  log?.error('an import failed: the rows before are stored, and it can be sent again', { err: error });
  return { code: 'internal_error', message: 'the server failed; its log has the reason' };
}

function problemFor({ code, message }: ImportError): HttpProblem {
  return new HttpProblem(code === 'unauthorized' ? 401 : 400, code, message);
}
