import { formatNumberRange, type NumberRange, parseNumberRange } from '@esim-rsp/smdp/state/number-range';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

/** `esim account unreserve`: gives up a reservation. */
export function configure(command: Command): void {
  command
    .argument('<range>', "the range as 'esim account reservations' shows it", valueBy(parseNumberRange))
    .option('--json', 'write JSON to stdout')
    .action(unreserve);
  examples(command, { 'esim account unreserve 8988303': 'let every account use these ICCIDs' });
}

async function unreserve(range: NumberRange, options: OutputOptions): Promise<void> {
  const written = formatNumberRange(range);
  await withLocalStore(async (store) => {
    const found = (await store.numberReservations()).find((one) => formatNumberRange(one) === written);
    if (found === undefined || (await store.deleteNumberReservation(range)) === 'unknown')
      throw new CliError(`there is no reservation ${written}: 'esim account reservations' shows them`);
    await writeAuditEntry(store, {
      account: found.account,
      operation: 'esim account unreserve',
      target: written,
    });
  });
  show(options, { range: written }, `${written} is not reserved any more.`);
}
