import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const WELL_FORMED = /^[A-Za-z0-9._:+/=-]{1,128}$/;

/** The id of a request: that of its x-request-id, if it is well-formed, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}

/** Version 00 of traceparent, or a later one that begins in the same way (W3C Trace Context 3.2). */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|(?<!^00.*)-)/;

/** The id of the trace that a request belongs to, if its traceparent is well-formed. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): { readonly trace_id?: string } {
  const trace_id = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  return trace_id === undefined ? {} : { trace_id };
}
