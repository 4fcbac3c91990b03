import type { Card, Es10Channel, Es10Function } from '@esim-rsp/euicc';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type PhonePlace, writeCard } from './phone-file.ts';

/** The slot with the card of a phone. */
export type CardSlot = {
  /** The card as it is now. It holds private keys. */
  readonly card: () => Card;
  /** Runs something on the card and writes its file if that changed the card; one after another, as a card has one reader. */
  readonly apply: <O extends { readonly card: Card }>(run: (card: Card) => O) => Promise<O>;
  /** How the card executes a command of ES10. */
  readonly execute: Es10Function;
  readonly es10: Es10Channel;
};

/** Puts the card of a phone into its slot. */
export function cardSlot(place: PhonePlace, inserted: Card, execute: Es10Function): CardSlot {
  let card = inserted;
  let last: Promise<unknown> = Promise.resolve();
  const apply: CardSlot['apply'] = (run) => {
    const next = last.then(async () => {
      const outcome = run(card);
      if (isChanged(card, outcome.card)) await writeCard(place, outcome.card);
      card = outcome.card;
      return outcome;
    });
    last = next.catch(() => undefined);
    return next;
  };
  const transmit = (command: Uint8Array) =>
    apply((before) => execute(before, command, { random: systemRandom }));
  return { card: () => card, apply, execute, es10: { transmit } };
}

/** Whether anything but the session is new: the session ends with the power anyway. */
function isChanged(before: Card, after: Card): boolean {
  const names = Object.keys(after) as (keyof Card)[];
  return names.some((name) => name !== 'session' && after[name] !== before[name]);
}
