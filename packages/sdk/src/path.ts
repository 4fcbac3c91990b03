import { RequiredError } from './errors.ts';

/** A parameter of a path, percent-encoded. The error for a missing one names it and the call. */
export function segment(value: unknown, name: string, operation: string): string {
  required(value, name, operation);
  const text = String(value);
  // A URL would take an empty segment or dots for another path.
  if (/^\.{0,2}$/.test(text))
    throw new RequiredError(name, `Parameter ${name} must not be "${text}" when calling ${operation}.`);
  return encodeURIComponent(text);
}

/** Refuses to send a request without a parameter that it needs. */
export function required(value: unknown, name: string, operation: string): void {
  if (value !== null && value !== undefined) return;
  throw new RequiredError(
    name,
    `Required parameter ${name} was null or undefined when calling ${operation}.`,
  );
}
