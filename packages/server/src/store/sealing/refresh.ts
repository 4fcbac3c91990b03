import type { ReportUnreadable } from '../rows/readable.ts';
import type { DataKeyTable, Sealing } from './data-keys.ts';

const EVERY_MS = 15_000;

/** Reads now and then the data keys that other processes have added. The returned function stops it, and records what is left. */
export function startRefresh(
  sealing: Sealing,
  table: DataKeyTable,
  report: ReportUnreadable,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const refresh = () =>
    sealing.refresh(table).catch((error) => report({ row: 'data_key', reason: (error as Error).message }));
  const timer = setInterval(() => {
    running = running.then(refresh);
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await sealing.count(table).catch(() => undefined);
  };
}
