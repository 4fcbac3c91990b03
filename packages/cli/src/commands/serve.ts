import { banner } from '@esim-rsp/server/process/banner';
import { type Config, ConfigError, readConfig } from '@esim-rsp/server/process/config';
import { startServer } from '@esim-rsp/server/process/start';
import { StartError } from '@esim-rsp/server/process/start-error';
import { startWorkers } from '@esim-rsp/server/process/workers/primary';
import { startAsWorker, workerNumber } from '@esim-rsp/server/process/workers/worker';
import type { Command } from 'commander';
import { CliError, examples } from '../command.ts';
import { stopSignal } from '../stop-signal.ts';

/** `esim serve`: runs the server until SIGTERM or Ctrl-C, then finishes the current requests. */
export function configure(command: Command): void {
  command
    .option('--demo', 'create an account and demo profiles at the first start (ESIM_DEMO=1)')
    .option('--workers <n>', 'processes that share the work, one for each core (ESIM_WORKERS)')
    .action(serve);
  examples(command, {
    'esim serve --demo': 'start with an account and demo profiles',
    'esim serve --workers 4': 'use four cores',
    'ESIM_SMDP_ADDRESS=rsp.example.com esim serve': 'serve phones that use this host name',
  });
}

type Options = { readonly demo?: true; readonly workers?: string };

async function serve({ demo, workers }: Options): Promise<void> {
  const stopped = stopSignal();
  try {
    const config = readConfig({
      ...process.env,
      ESIM_DEMO: process.env.ESIM_DEMO || (demo ? '1' : '0'),
      ESIM_WORKERS: workers ?? process.env.ESIM_WORKERS,
    });
    const worker = workerNumber();
    if (worker !== undefined) return await serveAsWorker(config, worker, stopped);
    const server = await (config.workers > 1 ? startWorkers(config) : startServer(config));
    process.stdout.write(banner(server));
    await stopped;
    await server.close();
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 2);
    if (error instanceof StartError) throw new CliError(error.message);
    throw error;
  } finally {
    setTimeout(() => process.exit(), END_MILLISECONDS).unref();
  }
}

/** The process that started this worker shows where the server is, and what went wrong. */
async function serveAsWorker(config: Config, worker: number, stopped: Promise<void>): Promise<void> {
  const server = await startAsWorker(config, worker);
  if (server === undefined) process.exit(1);
  await stopped;
  await server.close();
}

/** A stopped server ends after this time, even if the reader of its output takes nothing more. */
const END_MILLISECONDS = 1000;
