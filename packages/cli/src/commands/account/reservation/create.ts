import { formatNumberRange, type NumberRange, parseNumberRange } from '@esim-rsp/smdp/state/number-range';
import type { Command } from 'commander';
import { CliError, examples, helpText } from '../../../command.ts';
import { withLocalStore, writeAuditEntry } from '../../../local-store.ts';
import { type OutputOptions, show } from '../../../output.ts';
import { valueBy } from '../../../values.ts';

/** `esim account reservation create`: from then on only this account can create profiles with these ICCIDs. */
export function configure(command: Command): void {
  command
    .argument('<user-id>', 'the account')
    .argument(
      '<range>',
      'a prefix of ICCIDs, or the first and the last with - between them',
      valueBy(parseNumberRange),
    )
    .option('--json', 'write JSON to stdout')
    .addHelpText(
      'after',
      helpText(
        'To other accounts an ICCID of the range is not available, like one that is taken. Profiles that exist stay.',
      ),
    )
    .action(create);
  examples(command, {
    'esim account reservation create shop 8988303': 'every ICCID that begins with 8988303',
    'esim account reservation create shop 89883030000-89883034999': 'those from 89883030000… to 89883034999…',
  });
}

async function create(userId: string, range: NumberRange, options: OutputOptions): Promise<void> {
  const written = formatNumberRange(range);
  const outcome = await withLocalStore(async (store) => {
    if (!(await store.accounts()).some(({ id }) => id === userId))
      throw new CliError(`there is no account ${userId}: create it with 'esim account create'`);
    const createdAt = Math.floor(Date.now() / 1000);
    const added = await store.addNumberReservation({ account: userId, ...range, createdAt });
    if (added === 'added')
      await writeAuditEntry(store, {
        account: userId,
        operation: 'esim account reservation create',
        target: written,
      });
    return added;
  });
  if (outcome !== 'added')
    throw new CliError(
      `${formatNumberRange(outcome)} is reserved for ${outcome.account} already, and has numbers of ${written}: choose another range, or delete that reservation with 'esim account reservation delete ${formatNumberRange(outcome)}'`,
    );
  show(options, { user_id: userId, range: written }, `${written} is reserved for ${userId}.`);
}
