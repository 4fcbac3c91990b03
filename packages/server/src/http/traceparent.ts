/** Which span of which trace: what a traceparent says (W3C Trace Context 3.2). */
export type Place = { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };

const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MOST_LETTERS = 256;

/** Reads a traceparent of any version; of a later one, what version 00 has too. undefined: it is not well-formed. */
export function readTraceparent(header: string | string[] | undefined): Place | undefined {
  if (typeof header !== 'string' || header.length > MOST_LETTERS) return undefined;
  const [all, version, traceId = '', spanId = '', flags = '', more] = FORM.exec(header) ?? [];
  if (all === undefined || (version === '00' && more !== undefined)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}

export function writeTraceparent({ traceId, spanId, traceFlags }: Place): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`;
}
