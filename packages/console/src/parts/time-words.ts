const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
/** Older times are a date. */
const RELATIVE_DAYS = 14;

/** A time in words, such as “2 minutes ago”. What is past has passed in full; what is to come is rounded: 3 days less a minute are 3 days. */
export function relative(at: Date, now: Date, language: string): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  if (Math.abs(seconds) > RELATIVE_DAYS * 86_400)
    return at.toLocaleDateString(language, { dateStyle: 'medium' });
  const [unit, length] = UNITS.find(([, many]) => Math.abs(seconds) >= many) ?? UNITS[3];
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  return format.format((seconds < 0 ? Math.trunc : Math.round)(seconds / length), unit);
}

/** The exact time in the reader's zone. */
export function exact(at: Date, language: string): string {
  return at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'long' });
}
