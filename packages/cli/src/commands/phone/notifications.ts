import type { WaitingNotification } from '@esim-rsp/euicc';
import type { Phone } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show, table } from '../../output.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { sendWaiting } from '../../phone/send-waiting.ts';
import { withPhone } from '../../phone/with-phone.ts';

type Options = PhoneOptions & { readonly send?: true; readonly connect?: string };

/** `esim phone notifications`: what the phone has not sent yet. */
export function configure(command: Command): void {
  phoneOptions(command)
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
    show(options, waiting.map(jsonOf), waiting.length === 0 ? 'no pending notifications' : textOf(waiting));
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

function textOf(waiting: readonly WaitingNotification[]): string {
  const rows = waiting.map(({ seqNumber, event, iccid = '', address }) => [
    String(seqNumber),
    event,
    iccid,
    address,
  ]);
  return table(['number', 'event', 'iccid', 'address'], rows);
}
