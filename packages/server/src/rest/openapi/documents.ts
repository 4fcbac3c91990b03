import type { Operation } from '../frame/operation.ts';
import { openApiDocument } from './openapi.ts';
import { openApi30 } from './openapi-3.0.ts';

/** What describes the API, at paths that need no key, and the icon that browsers ask for. */
export const DOCUMENTS = ['/openapi.json', '/openapi-3.0.json', '/favicon.ico'] as const;

export type Document = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

type Documents = Readonly<Record<(typeof DOCUMENTS)[number], Document>>;

/** The documents, written at the first request for one: they change with the version only. */
export function documentsOf(
  operations: readonly Operation[],
  version: string,
): (path: keyof Documents) => Document {
  let written: Documents | undefined;
  return (path) => {
    written ??= allOf(operations, version);
    return written[path];
  };
}

function allOf(operations: readonly Operation[], version: string): Documents {
  const document = openApiDocument(operations, version);
  const json = (value: object) => ({
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' },
    body: JSON.stringify(value),
  });
  return {
    '/openapi.json': json(document),
    '/openapi-3.0.json': json(openApi30(document)),
    '/favicon.ico': { headers: ICON_HEADERS, body: ICON },
  };
}

/** A SIM card. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M3 1h7l3 3v11H3z" fill="#36c"/><path d="M5 7h6v6H5zM5 10h6M8 7v6" fill="#fc6" stroke="#36c"/></svg>';
const ICON_HEADERS = {
  'content-type': 'image/svg+xml',
  'cache-control': 'max-age=86400',
  'content-security-policy': "default-src 'none'",
};
