import type { Config } from '@esim-rsp/server/process/config';
import { readCredentials } from '@esim-rsp/server/process/credentials';
import { runningServer } from '@esim-rsp/server/process/folder/running';
import type { Command } from 'commander';
import { CliError, examples, ProgramExit } from '../command.ts';
import { localConfig } from '../local.ts';
import { show } from '../output.ts';
import { configuredUrl } from '../rest/access.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { serverAddresses } from '../running.ts';
import { type Check, problem, worst } from '../status/check.ts';
import { checkCredentials } from '../status/credentials.ts';
import { checkData } from '../status/data.ts';
import { checkPki } from '../status/pki.ts';
import { checkServer } from '../status/server.ts';
import { wrap } from '../table.ts';

/** `esim status`: checks the server and its data, and says what to do about each problem. */
export function configure(command: Command): void {
  restOptions(command)
    .option('--ready', 'check only whether the server serves, for health checks of containers')
    .action(status);
  examples(command, {
    'esim status': 'check the server, its data and its certificates',
    'esim status --ready': 'check only whether it serves: exit code 1 if it does not',
    'esim status --json': 'the same for a monitor: exit code 1 if a check failed',
  });
}

type Options = RestOptions & { readonly ready?: true };

async function status(options: Options): Promise<void> {
  const checks = await allChecks(options);
  show(options, { state: worst(checks), checks }, checks.map(textOf).join('\n'));
  if (worst(checks) === 'failed') throw new ProgramExit(1);
}

/** In the order in which to repair: the settings, the server, then what it needs. */
async function allChecks(options: Options): Promise<Check[]> {
  const config = settings();
  if ('state' in config) return [config];
  const { dataDir } = config;
  const running = runningServer(dataDir);
  const addresses = serverAddresses();
  const configured = configuredUrl(options);
  const url = configured ?? running?.restUrl ?? (await savedUrl(dataDir)) ?? addresses.restUrl;
  const isHere = running !== undefined || configured === undefined;
  const { checks, answer } = await checkServer(url);
  if (options.ready) return checks;
  return [
    ...config.warnings.map((warning) => problem('settings', 'warning', warning, 'correct or remove it')),
    ...checks,
    ...(answer === undefined ? [] : [await checkCredentials({ ...options, url })]),
    ...(await checkData(config, isHere)),
    ...(await checkPki({
      es9Tls: config.es9Tls,
      pkiDir: addresses.pkiDir,
      smdpAddress: addresses.smdpAddress,
      isHere,
    })),
  ];
}

/** The settings, or what is wrong with them. */
function settings(): Config | Check {
  try {
    return localConfig();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return problem('settings', 'failed', error.message, 'correct them in the environment or in .env');
  }
}

async function savedUrl(dataDir: string): Promise<string | undefined> {
  return (await readCredentials(dataDir).catch(() => undefined))?.url;
}

/** A check in lines that fit the terminal; a file or a pipe gets each sentence on one line. */
function textOf({ name, state, detail, advice = '' }: Check): string {
  const start = `${state.padEnd(7)}  ${name.padEnd(11)}  `;
  const space = Math.max(20, (process.stdout.columns ?? Number.POSITIVE_INFINITY) - start.length);
  const [first = '', ...others] = [detail, advice].filter(Boolean).flatMap((text) => wrap(text, space));
  return [start + first, ...others.map((text) => ' '.repeat(start.length) + text)].join('\n');
}
