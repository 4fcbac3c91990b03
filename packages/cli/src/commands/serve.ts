import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { banner } from '@esim-rsp/server/process/banner';
import { type Config, ConfigError, readConfig } from '@esim-rsp/server/process/config';
import { connectSystemd } from '@esim-rsp/server/process/health/systemd';
import { type Additions, type RunningServer, startServer } from '@esim-rsp/server/process/start';
import { StartError } from '@esim-rsp/server/process/start-error';
import { startWorkers } from '@esim-rsp/server/process/workers/primary';
import { startAsWorker, workerNumber } from '@esim-rsp/server/process/workers/worker';
import type { LabPhone } from '@esim-rsp/server/rest/lab/lab-phone';
import type { Command } from 'commander';
import { CliError, examples } from '../command.ts';
import { hasTerminal, stopSignal } from '../stop-signal.ts';

/** `esim serve`: runs the server until SIGTERM or Ctrl-C, then finishes the current requests. SIGHUP: see the guide of operation. */
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
  const keepsOnHangUp = !hasTerminal();
  const stopped = stopSignal(keepsOnHangUp ? ['SIGINT', 'SIGTERM'] : undefined);
  let running: RunningServer | undefined;
  if (keepsOnHangUp && workerNumber() === undefined) process.on('SIGHUP', () => void running?.reload());
  else if (keepsOnHangUp) process.on('SIGHUP', () => undefined); // its parent passes it on
  if (process.platform !== 'win32') process.on('SIGUSR2', () => running?.toggleDebug());
  try {
    const config = readConfig({
      ...process.env,
      ESIM_DEMO: process.env.ESIM_DEMO || (demo ? '1' : '0'),
      ESIM_WORKERS: workers ?? process.env.ESIM_WORKERS,
    });
    const worker = workerNumber();
    if (worker !== undefined) return await serveAsWorker(config, worker, stopped);
    const systemd = connectSystemd(process.env, (message) => process.stderr.write(`esim: ${message}\n`));
    const server = await (config.workers > 1
      ? startWorkers(config)
      : startServer(config, undefined, await additions(config)));
    running = server;
    process.stdout.write(banner(server));
    systemd.ready(`serves ${server.es9Url} and ${server.restUrl}`);
    await stopped;
    systemd.stopping();
    await server.close();
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 2);
    if (error instanceof StartError) throw new CliError(error.message, error.isFinal ? 2 : 1);
    throw error;
  } finally {
    setTimeout(() => process.exit(), END_MILLISECONDS).unref();
  }
}

/** The built console, if it is there: `npm start` and `npm run build` build it. A demo has a phone on its screen too. */
async function additions(config: Config): Promise<Additions> {
  const page = fileURLToPath(import.meta.resolve('@esim-rsp/console/index.html'));
  return {
    ...(existsSync(page) && { consoleFolder: dirname(page) }),
    ...(config.demo && config.workers === 1 && { lab: await labPhone(config) }),
  };
}

async function labPhone(config: Config): Promise<LabPhone> {
  const { createLabPhone } = await import('../lab/lab-phone.ts'); // loads the code of the phone only when it is needed
  return createLabPhone(config);
}

/** The process that started this worker shows where the server is, and what went wrong. */
async function serveAsWorker(config: Config, worker: number, stopped: Promise<void>): Promise<void> {
  const server = await startAsWorker(config, worker, await additions(config));
  if (server === undefined) process.exit(1);
  await stopped;
  await server.close();
}

/** A stopped server ends after this time, even if the reader of its output takes nothing more. */
const END_MILLISECONDS = 1000;
