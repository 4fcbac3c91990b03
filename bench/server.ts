import { join } from 'node:path';
import { type ServerProcess, type Settings, startServer } from '../test/harness/server.ts';
import type { Measured } from './process.ts';
import { isQuick } from './scale.ts';
import { ACCOUNT } from './seed.ts';

export const API_KEY = 'bench-0123456789abcdef';

/** `esim serve` under measurement. `port` is that of the REST API. */
export type BenchServer = ServerProcess & Measured;

/** What is measured is the source. A quick run only starts it, again and again: compiled, that takes half of the time. */
const ROOT = isQuick ? undefined : join(import.meta.dirname, '..');

/** Starts the server on a data folder, without the limits that a benchmark would exceed. `root`: the checkout whose source runs. */
export async function startBenchServer(
  dataDir: string,
  settings: Settings = {},
  root = ROOT,
): Promise<BenchServer> {
  const all = {
    ESIM_DATA_DIR: dataDir,
    ESIM_BOOTSTRAP_USER_ID: ACCOUNT,
    ESIM_BOOTSTRAP_API_KEY: API_KEY,
    ESIM_LOG_LEVEL: 'warn',
    ESIM_RATE_PER_KEY: '0',
    ESIM_RATE_PER_ADDRESS: '0',
    ESIM_RATE_INSTALL_PER_ADDRESS: '0',
    ...settings,
  };
  const server = await startServer(all, root);
  return { ...server, port: Number(new URL(server.restUrl).port) };
}
