import { resolve } from 'node:path';
import {
  type CopyProgress,
  type CopyResult,
  copyStore,
  type StoreLocation,
} from '@esim-rsp/server/process/copy/copy-store';
import type { Command } from 'commander';
import { CliError, examples, helpText } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { withStartErrors } from '../../local-store.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { progressBar, progressOutput } from '../../progress.ts';
import { readSecret } from '../../secret-value.ts';

type CopyOptions = OutputOptions & {
  readonly from: string;
  readonly to: string;
  readonly switch?: true;
};

/** `esim store copy`: moves all data from SQLite to PostgreSQL, or back. */
export function configure(command: Command): void {
  command
    .requiredOption('--from <store>', 'store that has the data')
    .requiredOption('--to <store>', 'empty store, or the target of an earlier run')
    .option('--switch', 'the servers of the source are stopped: copy the rest, compare everything, finish')
    .option('--json', 'write JSON to stdout')
    .action(copy);
  command.addHelpText(
    'after',
    helpText(
      'A store is sqlite:FOLDER (a data folder), sqlite (that of ESIM_DATA_DIR), postgres (the database of ESIM_DATABASE_URL), a URL postgres://…, or @FILE, a file with that URL. Keep passwords out of the command line: use @FILE, ESIM_DATABASE_URL, PGPASSWORD or a password file of PostgreSQL.',
    ),
  );
  examples(command, {
    'esim store copy --from sqlite --to @/etc/esim/postgres-url': 'copy while the server runs',
    'esim store copy --from sqlite --to @/etc/esim/postgres-url --switch':
      'with the server stopped: finish, then start it with ESIM_DATABASE_URL',
  });
}

async function copy(options: CopyOptions): Promise<void> {
  const from = await locationOf('--from', options.from);
  const to = await locationOf('--to', options.to);
  const progress = progressOutput();
  const report = ({ step, table, share }: CopyProgress) =>
    progress.show(() => `${progressBar(share)}  ${step} ${table}`);
  const result = await withStartErrors(() =>
    copyStore({ from, to, isSwitch: options.switch === true, report }),
  ).finally(() => progress.clear());
  const { written, deleted, switchMs, tables } = result;
  const json = {
    written,
    deleted,
    complete: tables !== undefined,
    ...(switchMs !== undefined && { switch_ms: switchMs }),
    ...(tables && { tables }),
  };
  show(options, json, describe(result, to));
}

/** Reads the place of a store. Errors never quote a URL. */
async function locationOf(flag: string, text: string): Promise<StoreLocation> {
  if (text === 'sqlite') return { folder: localConfig().dataDir };
  if (text.startsWith('sqlite:')) return { folder: resolve(text.slice('sqlite:'.length) || '.') };
  if (text === 'postgres') return databaseOfEnvironment(flag);
  const url = text.startsWith('@') ? await readSecret(flag, text) : text;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['postgres:', 'postgresql:'].includes(parsed.protocol))
    throw new CliError(
      `${flag} is not a store: use sqlite:FOLDER, sqlite, postgres, @FILE, or a URL such as postgres://user@host/database`,
      2,
    );
  if (url === text && parsed.password !== '')
    note(`warning: the process list and the shell history show the password in ${flag}; use ${flag} @FILE`);
  return { url };
}

function databaseOfEnvironment(flag: string): StoreLocation {
  const { database } = localConfig();
  if (database === undefined)
    throw new CliError(`${flag} postgres needs ESIM_DATABASE_URL: set it, or use ${flag} @FILE`, 2);
  return { url: database.directUrl ?? database.url };
}

function describe({ written, deleted, switchMs = 0, tables }: CopyResult, to: StoreLocation): string {
  const changes = `${written} rows were written and ${deleted} deleted.`;
  if (tables === undefined)
    return `${changes} The servers of the source can continue. Next: stop them, and run the same command with --switch.`;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const start =
    'url' in to
      ? 'set ESIM_DATABASE_URL, and start the servers'
      : 'unset ESIM_DATABASE_URL, and start the server';
  const seconds = (switchMs / 1000).toFixed(1);
  return `${changes} All ${rows} rows of ${tables.length} tables are equal; the switch took ${seconds} s. Next: ${start}, with the same master key. The source was not changed: do not start servers with it.`;
}
