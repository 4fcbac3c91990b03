import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { readTraceparent } from './traceparent.ts';

const WELL_FORMED = /^[A-Za-z0-9._:+/=-]{1,128}$/;

/** The id of a request: that of its x-request-id, if it is well-formed, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : randomUUID();
}

/** The id of the trace that a request belongs to, if its traceparent is well-formed. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): { readonly trace_id?: string } {
  const trace_id = traceparent === undefined ? undefined : readTraceparent(traceparent)?.traceId;
  return trace_id === undefined ? {} : { trace_id };
}
