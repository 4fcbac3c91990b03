import { refuse } from './answer.ts';
import type { Configuration } from './configuration.ts';
import { ConnectionError } from './errors.ts';
import type { ImportReport } from './models.ts';
import { headersOf, locate, type RequestOptions, reason } from './request.ts';

/** `ndjson`: a body of createEUICCProfile a line; `csv`: with a line of column names; `zip`: of Profile Packages in DER. */
export type ImportFormat = 'ndjson' | 'csv' | 'zip';

/** What to import. A stream is sent as it comes; browsers other than Chromium, and HTTP/1.1 in all of them, want a Blob. */
export type ImportSource = ReadableStream<Uint8Array> | Blob | string;

export const mediaTypes: Readonly<Record<ImportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  zip: 'application/zip',
};

type Upload = { readonly path: string; readonly type: string; readonly source: ImportSource };

/** Sends what is to be imported and gives the reports as they come in, while it is being sent. Nothing is tried again. */
export async function* importReports(
  configuration: Configuration,
  { path, type, source }: Upload,
  options: RequestOptions,
): AsyncGenerator<ImportReport, void, undefined> {
  const url = locate(configuration.basePath, path);
  const headers = await headersOf(
    configuration,
    { method: 'POST', path, accept: 'application/x-ndjson' },
    options,
  );
  headers.set('content-type', type);
  const fetch = configuration.fetch ?? globalThis.fetch;
  const init = {
    redirect: 'manual',
    ...configuration.baseOptions,
    method: 'POST',
    headers,
    body: source,
  } as const;
  const more = { duplex: 'half', ...(options.signal && { signal: options.signal }) }; // duplex: for streams
  const response = await broken(url, options, () => fetch(url, { ...init, ...more }));
  if (!response.ok) refuse(response, await response.text());
  let ended = false;
  for await (const line of linesOf(url, response, options)) {
    const report = JSON.parse(line) as ImportReport;
    ended = report.type === 'summary';
    yield report;
  }
  if (!ended) throw lost(url, 'it ended before its end');
}

async function* linesOf(url: URL, { body }: Response, options: RequestOptions): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await broken(url, options, () => reader.read());
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection may be gone
  }
}

/** Waits for a part of the exchange; rejects with a `ConnectionError` when the connection breaks. */
async function broken<T>(url: URL, { signal }: RequestOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    throw lost(url, reason(cause), cause);
  }
}

function lost({ origin }: URL, why: string, cause?: unknown): ConnectionError {
  return new ConnectionError(
    'network',
    `The import to ${origin} broke: ${why}. Send it again: created Profiles stay.`,
    cause,
  );
}
