import type { IncomingHttpHeaders } from 'node:http';
import { HttpProblem } from '../problem.ts';

/**
 * The refusal of a request that no page of this server sent; undefined: one did. Browsers say so in Sec-Fetch-Site, older ones in Origin. A cookie alone does not
 * prove it, because browsers add it to requests of other pages too.
 */
export function foreignOrigin(headers: IncomingHttpHeaders, isTls: boolean): HttpProblem | undefined {
  const { 'sec-fetch-site': site, origin, host } = headers;
  const own = `${isTls ? 'https' : 'http'}://${host}`;
  const isOwn = site === undefined ? origin !== undefined && origin === own : site === 'same-origin';
  if (isOwn) return undefined;
  return new HttpProblem(
    403,
    'foreign_origin',
    'a change by a signed-in browser must come from a page of this server, with Sec-Fetch-Site or Origin: use an API key for other programs',
  );
}

/** The same for a request that shows what it needs: it may come from a program, which sends neither header, but not from a page of another site. */
export function foreignPage(headers: IncomingHttpHeaders, isTls: boolean): HttpProblem | undefined {
  const isProgram = headers['sec-fetch-site'] === undefined && headers.origin === undefined;
  return isProgram ? undefined : foreignOrigin(headers, isTls);
}
