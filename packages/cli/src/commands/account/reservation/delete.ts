import { formatNumberRange, type NumberRange, parseNumberRange } from '@esim-rsp/smdp/state/number-range';
import type { Command } from 'commander';
import { CliError, examples } from '../../../command.ts';
import { withLocalStore, writeAuditEntry } from '../../../local-store.ts';
import { type OutputOptions, show } from '../../../output.ts';
import { valueBy } from '../../../values.ts';

/** `esim account reservation delete`: deletes a reservation. */
export function configure(command: Command): void {
  command
    .argument('<range>', "the range as 'esim account reservation list' shows it", valueBy(parseNumberRange))
    .option('--json', 'write JSON to stdout')
    .action(deleteReservation);
  examples(command, { 'esim account reservation delete 8988303': 'let every account use these ICCIDs' });
}

async function deleteReservation(range: NumberRange, options: OutputOptions): Promise<void> {
  const written = formatNumberRange(range);
  await withLocalStore(async (store) => {
    const found = (await store.numberReservations()).find((one) => formatNumberRange(one) === written);
    if (found === undefined || (await store.deleteNumberReservation(range)) === 'unknown')
      throw new CliError(`there is no reservation ${written}: 'esim account reservation list' shows them`);
    await writeAuditEntry(store, {
      account: found.account,
      operation: 'esim account reservation delete',
      target: written,
    });
  });
  show(options, { range: written }, `${written} is not reserved any more.`);
}
