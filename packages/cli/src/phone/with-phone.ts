import type { Step } from '@esim-rsp/euicc';
import { openPhone, type Phone, type PhoneSettings } from '@esim-rsp/phone';
import { localConfig } from '../local.ts';
import { note } from '../output.ts';
import { endingClearly } from './failure-text.ts';

/** Opens a phone in the data folder for the work of a command. Its steps go to stderr as they happen, if nothing else is done with them. */
export function withPhone<T>(
  name: string,
  settings: PhoneSettings,
  work: (phone: Phone) => Promise<T>,
): Promise<T> {
  return endingClearly(name, async () => {
    await using phone = await openPhone(
      { dataDir: localConfig().dataDir, name },
      { onStep: noteStep, ...settings },
    );
    return await work(phone);
  });
}

const WIDTH = 'loadBoundProfilePackage'.length;

/** Writes a step of the LPA to stderr. */
export function noteStep({ name, text }: Step): void {
  note(`${name.padEnd(WIDTH)}  ${text}`);
}
