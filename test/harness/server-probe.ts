import cluster from 'node:cluster';
import type { Usage } from './server.ts';

/** Loaded into a server process before the program: it reports what the process uses, with --expose-gc without its garbage, and ends it with its parent. */
process.on('message', (message) => {
  if (message !== 'usage') return;
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
  process.send?.(usage);
});
process.on('disconnect', () => process.exit());
if (cluster.isPrimary) process.channel?.unref(); // a worker needs the channel to listen
