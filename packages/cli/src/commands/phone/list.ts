import type { ListedProfile } from '@esim-rsp/euicc';
import { parsePhoneName, phoneNames } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { show } from '../../output.ts';
import { profileColumns, profileJson, profileRow } from '../../phone/profile-rows.ts';
import { withPhone } from '../../phone/with-phone.ts';
import { type TableOptions, table, tableOptions } from '../../table.ts';
import { valueBy } from '../../values.ts';

/** `esim phone list`: the phones and the profiles on them. */
export function configure(command: Command): void {
  tableOptions(command, profileColumns)
    .option('--name <name>', 'only this phone', valueBy(parsePhoneName))
    .option('--json', 'write JSON to stdout')
    .action(list);
  examples(command, {
    'esim phone list': 'show all phones and their profiles',
    'esim phone list --name second --json': 'the same for one phone, as JSON',
  });
}

type Listed = {
  readonly name: string;
  readonly eid: string;
  readonly default_smdp_address: string;
  readonly notifications: number;
  readonly profiles: readonly ListedProfile[];
};

async function list({ name, ...options }: TableOptions & { readonly name?: string }): Promise<void> {
  const { dataDir } = localConfig();
  const names = name === undefined ? await phoneNames(dataDir) : [name];
  const phones = await Promise.all(names.map(readListed));
  if (phones.length === 0 && !options.json)
    throw new CliError("there is no phone yet: create one with 'esim phone create'");
  show(options, phones.map(jsonOf), phones.map((phone) => textOf(phone, options)).join('\n\n'));
}

function readListed(name: string): Promise<Listed> {
  return withPhone(name, {}, async (phone) => {
    const { eid, defaultDpAddress, notifications } = phone.card();
    const profiles = await phone.profiles();
    return {
      name,
      eid,
      default_smdp_address: defaultDpAddress,
      notifications: notifications.length,
      profiles,
    };
  });
}

function jsonOf({ profiles, ...phone }: Listed) {
  return { ...phone, profiles: profiles.map(profileJson) };
}

const INDENT = '  ';

function textOf({ name, eid, profiles, notifications }: Listed, options: TableOptions): string {
  const waiting =
    notifications === 0 ? '' : `, ${notifications} notifications wait ('esim phone notifications')`;
  const head = `${name}  EID ${eid}${waiting}`;
  if (profiles.length === 0) return `${head}\n  no profiles`;
  const width = (process.stdout.columns ?? Number.POSITIVE_INFINITY) - INDENT.length;
  const lines = table(profileColumns, profiles.map(profileRow), options, width).text.split('\n');
  return [head, ...lines.map((line) => `${INDENT}${line}`)].join('\n');
}
