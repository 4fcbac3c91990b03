import { type Card, type Es10Channel, execute as honestly } from '@esim-rsp/euicc';
import type { Es10Function } from '@esim-rsp/euicc/es10/command';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { CliError } from '../command.ts';
import { lockPhone, type PhonePlace, readPhone, savePhone } from './phone-file.ts';

/** A phone that is switched on: its card takes commands, and keeps on the disk what a card keeps without power. */
export type Phone = AsyncDisposable & {
  readonly card: () => Card;
  /** Does something to the card; one after another, as a card has one reader. */
  readonly apply: <O extends { readonly card: Card }>(run: (card: Card) => O) => Promise<O>;
  /** How the card carries out a command. */
  readonly execute: Es10Function;
  readonly es10: Es10Channel;
};

/** Switches a phone on; nobody else uses it until it is disposed of. `execute`: its card misbehaves. */
export async function openPhone(place: PhonePlace, execute: Es10Function = honestly): Promise<Phone> {
  const lock = await lockPhone(place);
  let card: Card;
  try {
    const kept = await readPhone(place);
    if (kept === undefined)
      throw new CliError(
        `there is no phone ${place.name}: make one with 'esim phone create --name ${place.name}'`,
      );
    card = kept;
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
  let last: Promise<unknown> = Promise.resolve();
  const apply = <O extends { readonly card: Card }>(run: (card: Card) => O): Promise<O> => {
    const next = last.then(async () => {
      const outcome = run(card);
      if (isChanged(card, outcome.card)) await savePhone(place, outcome.card);
      card = outcome.card;
      return outcome;
    });
    last = next.catch(() => undefined);
    return next;
  };
  const transmit = (command: Uint8Array) =>
    apply((before) => execute(before, command, { random: systemRandom }));
  return {
    card: () => card,
    apply,
    execute,
    es10: { transmit },
    [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
  };
}

/** Whether anything but the session is new: a session is gone with the power anyway. */
function isChanged(before: Card, after: Card): boolean {
  const names = Object.keys(after) as (keyof Card)[];
  return names.some((name) => name !== 'session' && after[name] !== before[name]);
}
