import type { ImportProgress } from '@esim-rsp/sdk';
import { progressBar, progressOutput } from '../progress.ts';
/** Shows the progress of an import on stderr. `size`: all bytes, if known. */
export function importProgress(size?: number) {
  const started = performance.now();
  const { show, clear } = progressOutput();
  return {
    show: (progress: ImportProgress) =>
      show(() => progressText(progress, (performance.now() - started) / 1000, size)),
    clear,
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
  return `${progressBar(share)}  ${[...parts, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`].join(', ')}`;
}
