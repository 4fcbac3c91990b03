import { checkSmtpServer } from '../../delivery/mail/send.ts';
import { describeSmtpServer } from '../../delivery/mail/smtp-server.ts';
import type { Log } from '../../log/log.ts';
import type { MailSettings } from './settings.ts';

/** How long the start waits for the mail server. */
const TIMEOUT_MS = 3000;

/** Tries the mail server, and says what works: a line of the banner. A problem is a warning, because mail waits until it is solved. */
export async function describeMail({ server, from }: MailSettings, log: Log): Promise<string> {
  const name = `${describeSmtpServer(server)}, from ${from.address}`;
  const problem = await checkSmtpServer(server, TIMEOUT_MS);
  if (problem === undefined) return `${name}: works`;
  log.warn(`mail cannot be sent now, and waits: ${problem}`);
  return `${name}: ${problem}`;
}
