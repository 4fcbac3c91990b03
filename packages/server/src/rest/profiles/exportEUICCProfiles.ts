import { Readable } from 'node:stream';
import { type Static, Type } from '@sinclair/typebox';
import { takeTurn } from '../../limits/turns.ts';
import { BYTE_ORDER_MARK, csvLine, spreadsheetLine } from '../../shapes/csv-text.ts';
import { about, closed, literals, named } from '../../shapes/shape.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { InventoryFilter, InventoryStore, ListPosition } from '../../store/ports/inventory.ts';
import { covers } from '../../store/ports/permissions.ts';
import type { CallerKey } from '../frame/authenticate.ts';
import { hasKeyEnded, LOOK_FOR_KEY_MS } from '../frame/end-of-key.ts';
import { forbidden } from '../frame/identify.ts';
import { operation, type Services, type Viewer } from '../frame/operation.ts';
import {
  codeColumns,
  columnsIn,
  type ExportColumn,
  exportColumns,
  fieldsOf,
  jsonOf,
} from './export-columns.ts';
import { filterIn, ListEUICCProfilesQuery } from './listEUICCProfiles.ts';
import { refuseCodesTo } from './one-code.ts';
import { hidesCodes, viewResponse } from './profile.ts';

const formats = ['ndjson', 'csv', 'plain_csv'] as const;
const ExportFormat = named(
  'ExportFormat',
  literals(
    formats,
    'ndjson: a JSON object per line. csv: for spreadsheets, with a byte order mark; what they would take for a number, a date or a formula is written so that it stays text. plain_csv: RFC 4180, for programs',
  ),
);

const {
  count: _count,
  offset: _offset,
  cursor: _cursor,
  sort,
  ...filters
} = ListEUICCProfilesQuery.properties;

const ExportEUICCProfilesQuery = named(
  'ExportEUICCProfilesQuery',
  Type.Object(
    {
      ...filters,
      sort: about('The order; - for the reverse. Without it: iccid', sort),
      format: Type.Optional(ExportFormat),
      columns: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1000,
          description: `The columns, separated by commas: some of ${exportColumns.join(', ')}. Without it, all but ${codeColumns.join(' and ')}, which are secrets and need the permission codes`,
        }),
      ),
    },
    { ...closed, description: 'Which Profiles an export has, and how they are written' },
  ),
);
type Query = Static<typeof ExportEUICCProfilesQuery>;

/** Profiles that are read at a time. */
const AT_ONCE = 500;

const mediaTypes = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const;

export const exportEUICCProfiles = operation({
  operationId: 'exportEUICCProfiles',
  method: 'GET',
  url: '/api/v1/esim/euicc-profiles/export',
  summary:
    "Export the account's eUICC profiles, or those that a filter selects, as lines of JSON or as CSV; sorted by ICCID unless sort says otherwise",
  query: ExportEUICCProfilesQuery,
  permissions: ['read'],
  answers: {
    200: {
      description:
        'The profiles, a line each, as they are when the export reaches them. If the export cannot be finished, the connection breaks',
      contentTypes: ['application/x-ndjson', 'text/csv'],
    },
    400: { description: 'A parameter is not valid' },
    403: {
      description:
        'The key lacks the permission read, or for activation codes the permission codes; or a session asks for them',
    },
  },
  respond: async (services: Services<InventoryStore & Pick<ApiKeyStore, 'validApiKeys'>>, call, reply) => {
    const { permissions, session, query, env } = call;
    const { format = 'ndjson', columns: names, ...filter } = query;
    const columns = columnsIn(names);
    const hasCodes = codeColumns.some((name) => columns.includes(name));
    if (hasCodes && !covers(permissions, ['codes'])) throw forbidden(permissions, ['codes']);
    if (hasCodes) refuseCodesTo(session);
    const isCsv = format !== 'ndjson';
    reply.type(isCsv ? mediaTypes.csv : mediaTypes.ndjson);
    reply.header('content-disposition', `attachment; filename="profiles.${isCsv ? 'csv' : 'ndjson'}"`);
    if (reply.request.method === 'HEAD') return reply.send();
    const viewer = { env, permissions, session };
    const write = writerOf(format, columns, viewer);
    const texts = textsOf(services, { caller: call, filter, withoutCodes: hidesCodes(viewer), write });
    return reply.send(Readable.from(texts, { highWaterMark: 1 }));
  },
});

type Write = { readonly head: string; readonly line: (profile: View) => string };
type View = Awaited<ReturnType<InventoryStore['searchProfiles']>>['profiles'][number];

function writerOf(format: (typeof formats)[number], columns: readonly ExportColumn[], viewer: Viewer): Write {
  if (format === 'ndjson')
    return { head: '', line: (profile) => `${jsonOf(viewResponse(profile, viewer), columns)}\n` };
  const [lineOf, mark] = format === 'csv' ? [spreadsheetLine, BYTE_ORDER_MARK] : [csvLine, ''];
  return {
    head: `${mark}${lineOf([...columns])}\r\n`,
    line: (profile) => `${lineOf(fieldsOf(viewResponse(profile, viewer), columns))}\r\n`,
  };
}

type Export = {
  readonly caller: CallerKey;
  readonly filter: Omit<Query, 'format' | 'columns'>;
  readonly withoutCodes: boolean;
  readonly write: Write;
};

/**
 * The export as text, page by page: the next page is read when the caller has taken the one before. A list by ICCID has each profile once,
 * whatever changes meanwhile. Throws when the key of the caller has ended, or the server is to stop.
 */
async function* textsOf(
  services: Services<InventoryStore & Pick<ApiKeyStore, 'validApiKeys'>>,
  { caller, filter: { sort = 'iccid', ...query }, withoutCodes, write }: Export,
): AsyncGenerator<string> {
  const { store, stopping } = services;
  const filter: InventoryFilter = {
    account: caller.account,
    count: AT_ONCE,
    withoutCodes,
    ...filterIn({ sort, ...query }),
  };
  let after: ListPosition | undefined;
  let lookedAt = performance.now();
  if (write.head !== '') yield write.head;
  do {
    if (stopping.aborted) throw new Error('the server is being stopped');
    if (performance.now() - lookedAt >= LOOK_FOR_KEY_MS) {
      if (await hasKeyEnded(services, caller))
        throw new Error('the API key or the session of an export has ended');
      lookedAt = performance.now();
    }
    const page = await store.searchProfiles({ ...filter, ...(after && { after }) });
    await takeTurn();
    const text = page.profiles.map((profile) => write.line(profile)).join('');
    if (text !== '') yield text;
    after = page.next;
  } while (after !== undefined);
}
