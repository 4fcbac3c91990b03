import type { WaitingNotification } from '@esim-rsp/euicc';
import type { Phone } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { sendWaiting } from '../../phone/send-waiting.ts';
import { withPhone } from '../../phone/with-phone.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = { names: ['number', 'event', 'iccid', 'address'], dropFirst: ['number'] };

type Options = PhoneOptions & TableOptions & { readonly send?: true; readonly connect?: string };

/** `esim phone notifications`: what the phone has not sent yet. */
export function configure(command: Command): void {
  tableOptions(phoneOptions(command), columns)
    .option('--send', 'send them now')
    .option('--connect <host:port>', 'connect to this address instead of those in the notifications')
    .action((options: Options) =>
      withPhone(options.name, { connectTo: options.connect }, (phone) => notifications(phone, options)),
    );
  examples(command, {
    'esim phone notifications': 'list the pending notifications',
    'esim phone notifications --send': 'send them, in order',
  });
}

async function notifications(phone: Phone, options: Options): Promise<void> {
  if (!options.send) {
    const waiting = await phone.notifications();
    if (waiting.length === 0) show(options, [], 'no pending notifications');
    else showTable(options, waiting.map(jsonOf), columns, waiting.map(rowOf));
    return;
  }
  const { sent, waiting } = await sendWaiting(phone);
  show(
    options,
    { sent: sent.map(jsonOf), waiting: waiting.map(jsonOf) },
    `${sent.length} sent, ${waiting.length} waiting`,
  );
  if (waiting.length > 0) throw new CliError('not every notification could be sent');
}

function jsonOf({ seqNumber, event, address, iccid }: WaitingNotification) {
  return { seq_number: seqNumber, event, address, ...(iccid !== undefined && { iccid }) };
}

function rowOf({ seqNumber, event, iccid, address }: WaitingNotification): string[] {
  return [String(seqNumber), event, iccid ?? '', address];
}
