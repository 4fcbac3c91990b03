import type { ImportProgress } from '@esim-rsp/sdk';

const BAR = 24;
/** Without a terminal: the time between two lines. */
const LINE_EVERY_MS = 5000;

/** Shows the progress of an import on stderr: a bar on a terminal, otherwise a line every five seconds. `size`: all bytes, if known. */
export function importProgress(size?: number) {
  const started = performance.now();
  let lastLine = started;
  let hasBar = false;
  const { stderr } = process;
  return {
    show(progress: ImportProgress): void {
      const now = performance.now();
      const text = progressText(progress, (now - started) / 1000, size);
      if (stderr.isTTY) {
        hasBar = true;
        stderr.write(`\r\x1b[K${text.slice(0, stderr.columns - 1)}`);
      } else if (now - lastLine >= LINE_EVERY_MS) {
        lastLine = now;
        stderr.write(`${text}\n`);
      }
    },
    /** Clears the bar, so that other text can be written. */
    clear(): void {
      if (hasBar) stderr.write('\r\x1b[K');
      hasBar = false;
    },
  };
}

/** One line: a bar if the size is known, rows, their rate, failures, and the remaining time. */
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
