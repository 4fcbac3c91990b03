import { type WaitingNotification, waitingNotifications } from '@esim-rsp/euicc';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { show, table } from '../../output.ts';
import { lpaOf, report } from '../../phone/lpa.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { openPhone } from '../../phone/phone.ts';

type Options = PhoneOptions & { readonly send?: true; readonly connect?: string };

/** `esim phone notifications`: what the phone has not told yet. */
export function configure(command: Command): void {
  phoneOptions(command)
    .option('--send', 'send them now')
    .option('--connect <host:port>', 'connect there, whatever the addresses say')
    .action(notifications);
  examples(command, {
    'esim phone notifications': 'list what waits',
    'esim phone notifications --send': 'send it, in order',
  });
}

async function notifications(options: Options): Promise<void> {
  await using phone = await openPhone({ dataDir: localConfig().dataDir, name: options.name });
  using lpa = lpaOf(phone, options);
  if (!options.send) {
    const waiting = await waitingNotifications(lpa.es10);
    show(options, waiting.map(forPrograms), waiting.length === 0 ? 'nothing waits' : inWords(waiting));
    return;
  }
  const { sent, waiting } = await report(lpa);
  show(
    options,
    { sent: sent.map(forPrograms), waiting: waiting.map(forPrograms) },
    `${sent.length} sent, ${waiting.length} waiting`,
  );
  if (waiting.length > 0) throw new CliError('not every notification could be sent');
}

function forPrograms({ seqNumber, event, address, iccid }: WaitingNotification) {
  return { seq_number: seqNumber, event, address, ...(iccid !== undefined && { iccid }) };
}

function inWords(waiting: readonly WaitingNotification[]): string {
  const rows = waiting.map(({ seqNumber, event, iccid = '', address }) => [
    String(seqNumber),
    event,
    iccid,
    address,
  ]);
  return table(['number', 'event', 'iccid', 'address'], rows);
}
