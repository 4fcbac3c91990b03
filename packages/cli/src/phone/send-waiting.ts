import type { Sent } from '@esim-rsp/euicc';
import type { Phone } from '@esim-rsp/phone';
import { note } from '../output.ts';
import { failureText } from './failure-text.ts';

/** Sends the notifications of a phone; one that cannot be delivered stays there, and stderr says why. */
export async function sendWaiting(phone: Phone): Promise<Sent> {
  const outcome = await phone.sendNotifications();
  for (const { seqNumber, address, failure } of outcome.waiting)
    note(
      `notification ${seqNumber} for ${address} stays on the phone: ${failureText(failure)}\n  send it later with 'esim phone notifications --send'`,
    );
  return outcome;
}
