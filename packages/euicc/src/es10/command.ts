import type { Card, CardEnv } from '../card/card.ts';

/** ISO/IEC 7816-4 status words that ES10 uses (SGP.22 5.7.2). */
export const statusWords = {
  ok: 0x9000,
  conditionsNotSatisfied: 0x6985,
  wrongData: 0x6a80,
  notFound: 0x6a88,
} as const;

/** The result of a command: the card afterwards, the status word and the response data. */
export type Outcome = { readonly card: Card; readonly sw: number; readonly data: Uint8Array };

/** One function of ES10a, ES10b or ES10c. `request` is the whole command TLV; DerError means that it cannot be read. */
export type Es10Function = (card: Card, request: Uint8Array, env: CardEnv) => Outcome;

export function answerWith(card: Card, data: Uint8Array): Outcome {
  return { card, sw: statusWords.ok, data };
}

export function refuseWith(card: Card, sw: number): Outcome {
  return { card, sw, data: new Uint8Array() };
}
