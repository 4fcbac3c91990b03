import { banner } from '@esim-rsp/server/process/banner';
import { ConfigError, readConfig } from '@esim-rsp/server/process/config';
import { startServer } from '@esim-rsp/server/process/start';
import { StartError } from '@esim-rsp/server/process/start-error';
import type { Command } from 'commander';
import { CliError, examples } from '../command.ts';
import { stopSignal } from '../stop-signal.ts';

/** `esim serve`: runs the server until SIGTERM or Ctrl-C, then finishes the current requests. */
export function configure(command: Command): void {
  command
    .option('--demo', 'create an account and demo profiles at the first start (ESIM_DEMO=1)')
    .action(({ demo }: { demo?: true }) => serve(demo === true));
  examples(command, {
    'esim serve --demo': 'start with an account and demo profiles',
    'ESIM_SMDP_ADDRESS=rsp.example.com esim serve': 'serve phones that use this host name',
  });
}

async function serve(demo: boolean): Promise<void> {
  const stopped = stopSignal();
  try {
    const config = readConfig({ ...process.env, ESIM_DEMO: process.env.ESIM_DEMO || (demo ? '1' : '0') });
    const server = await startServer(config);
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

/** A stopped server ends after this time, even if the reader of its output takes nothing more. */
const END_MILLISECONDS = 1000;
