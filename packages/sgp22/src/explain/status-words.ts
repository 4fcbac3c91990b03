import { reasons, subjects } from '../status.ts';

/** A subject and a reason code with what the tables say of them (5.2.6). */
export function statusInWords(subjectCode: string, reasonCode: string): string {
  return `${subjectCode} ${wordOf(subjects, subjectCode)}, ${reasonCode} ${wordOf(reasons, reasonCode)}`;
}

export function subjectInWords(code: string): string {
  return `${code} ${wordOf(subjects, code)}`;
}

export function reasonInWords(code: string): string {
  return `${code} ${wordOf(reasons, code)}`;
}

function wordOf(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? `(${table[code]})` : '(unknown to SGP.22)';
}
