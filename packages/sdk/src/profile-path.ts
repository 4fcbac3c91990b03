import { RequiredError } from './errors.ts';

/** The path of one Profile, percent-encoded; the error for a missing ICCID names the call. */
export function profilePath(iccid: string, operation: string): string {
  required(iccid, 'iccid', operation);
  // A URL would take an empty segment or dots for another path than the Profile's.
  if (/^\.{0,2}$/.test(iccid)) {
    throw new RequiredError(
      'iccid',
      `Parameter iccid must hold 19 or 20 digits when calling ${operation}; it is "${iccid}".`,
    );
  }
  return `/euicc-profiles/${encodeURIComponent(iccid)}`;
}

/** Refuses to send a request without a parameter that it needs. */
export function required(value: unknown, name: string, operation: string): void {
  if (value !== null && value !== undefined) return;
  throw new RequiredError(
    name,
    `Required parameter ${name} was null or undefined when calling ${operation}.`,
  );
}
