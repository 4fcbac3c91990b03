import type { ImportProgress } from '@esim-rsp/sdk';

const BAR = 24;
/** Where nobody watches a terminal, a line now and then. */
const LINE_EVERY_MS = 5000;

/** Shows on stderr how far an import is: a bar on a terminal, else a line now and then. `size`: bytes in all, if known. */
export function importProgress(size?: number) {
  const begun = performance.now();
  let told = begun;
  let drawn = false;
  const { stderr } = process;
  return {
    show(progress: ImportProgress): void {
      const now = performance.now();
      const text = progressText(progress, (now - begun) / 1000, size);
      if (stderr.isTTY) {
        drawn = true;
        stderr.write(`\r\x1b[K${text.slice(0, stderr.columns - 1)}`);
      } else if (now - told >= LINE_EVERY_MS) {
        told = now;
        stderr.write(`${text}\n`);
      }
    },
    /** Takes the bar away, so that something else can be written. */
    clear(): void {
      if (drawn) stderr.write('\r\x1b[K');
      drawn = false;
    },
  };
}

/** One line: the bar where the size is known, rows, their rate, failures, and how long it will take. */
export function progressText(
  { rows, failed, bytes }: ImportProgress,
  seconds: number,
  size?: number,
): string {
  const rate = seconds > 0 ? Math.round(rows / seconds) : 0;
  const parts = [`${rows} rows`, `${rate}/s`, ...(failed > 0 ? [`${failed} failed`] : [])];
  if (size === undefined || size === 0 || bytes === 0) return parts.join(', ');
  const share = Math.min(1, bytes / size);
  const left = Math.round((seconds * (1 - share)) / share);
  const filled = Math.round(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(share * 100)} %`;
  return `${bar}  ${[...parts, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`].join(', ')}`;
}
