import { deletePhone, parsePhoneName } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { type OutputOptions, show } from '../../output.ts';
import { endingClearly } from '../../phone/failure-text.ts';
import { withPhone } from '../../phone/with-phone.ts';
import { valueBy } from '../../values.ts';

type Options = OutputOptions & { readonly force?: true };

/** `esim phone delete`: deletes a phone with its eUICC. */
export function configure(command: Command): void {
  command
    .argument('<name>', 'the phone', valueBy(parsePhoneName))
    .option('--force', 'even if it has profiles or pending notifications; the server does not learn of it')
    .option('--json', 'write JSON to stdout')
    .action(deleteOne);
  examples(command, {
    'esim phone delete second': 'delete the phone second, which has no profiles',
    'esim phone delete second --force': 'delete it with everything on it',
    'esim phone profile delete 8900101000000000019': 'delete a profile, not the phone',
  });
}

async function deleteOne(name: string, { force, ...options }: Options): Promise<void> {
  if (!force) await withPhone(name, {}, async (phone) => mustBeEmpty(name, phone.card()));
  await endingClearly(name, () => deletePhone({ dataDir: localConfig().dataDir, name }));
  show(options, { name, deleted: true }, `The phone '${name}' is deleted.`);
}

type Content = { readonly profiles: readonly unknown[]; readonly notifications: readonly unknown[] };

/** The server counts profiles on a deleted phone as installed for ever. */
function mustBeEmpty(name: string, { profiles, notifications }: Content): void {
  if (profiles.length === 0 && notifications.length === 0) return;
  throw new CliError(
    `the phone '${name}' has ${profiles.length} profiles and ${notifications.length} pending notifications`,
    1,
    {
      code: 'phone_not_empty',
      hint: "delete its profiles with 'esim phone profile delete', and send its notifications with 'esim phone notifications --send'; or use --force",
    },
  );
}
