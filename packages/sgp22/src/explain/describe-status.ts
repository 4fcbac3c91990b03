import { reasons, subjects } from '../status.ts';

/** A subject and a reason code with their descriptions (5.2.6). */
export function describeStatus(subjectCode: string, reasonCode: string): string {
  return `${subjectCode} ${lookUp(subjects, subjectCode)}, ${reasonCode} ${lookUp(reasons, reasonCode)}`;
}

export function describeSubject(code: string): string {
  return `${code} ${lookUp(subjects, code)}`;
}

export function describeReason(code: string): string {
  return `${code} ${lookUp(reasons, code)}`;
}

function lookUp(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? `(${table[code]})` : '(unknown to SGP.22)';
}
