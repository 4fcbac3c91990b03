import type { ListedProfile } from '@esim-rsp/euicc';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { type PhoneOptions, phoneOptions } from '../../../phone/options.ts';
import { profileColumns, profileJson, profileRow } from '../../../phone/profile-rows.ts';
import { withPhone } from '../../../phone/with-phone.ts';
import { showTable, type TableOptions, tableOptions } from '../../../table.ts';

type Options = PhoneOptions & TableOptions;

/** `esim phone profile list`: lists the profiles on a phone. */
export function configure(command: Command): void {
  tableOptions(phoneOptions(command), profileColumns).action(list);
  examples(command, {
    'esim phone profile list': 'the profiles on the phone and their states',
    'esim phone profile list --name second --json': 'those on another phone, as JSON',
  });
}

async function list(options: Options): Promise<void> {
  const profiles: readonly ListedProfile[] = await withPhone(options.name, {}, (phone) => phone.profiles());
  showTable(options, profiles.map(profileJson), profileColumns, profiles.map(profileRow));
}
