import { match } from 'node:assert/strict';
import { concat, fromHex, toHex } from '@esim-rsp/codec';
import {
  type Card,
  cardFromJson,
  cardToJson,
  exchange,
  execute,
  type Powered,
  powerOn,
} from '@esim-rsp/euicc';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { blocksOf, SELECT_ISD_R } from '../../packages/euicc/src/apdu.harness.ts';
import { commands } from '../moments.ts';
import { behindSelector, type Mutate, mutateDer, mutateOctets } from '../mutate.ts';
import { must, type Target } from '../target.ts';

const env = { random: systemRandom };
const WORDS = /(?:9000|61..|6c..|6700|688[124]|6985|6a8[01268]|6d00|6e00)$/;
const PLAIN = 0x80;

/** The first octet selects the state of the card, and whether the rest is APDUs or one command of ES10. */
export const apdu: Target = {
  name: 'apdu',
  open: async () => {
    const { seen, card } = await commands();
    const cards = [...seen.map((one) => one.card), card];
    const seeds = seen.flatMap(({ command }, at) => [
      concat(Uint8Array.of(at | PLAIN), command),
      concat(Uint8Array.of(at), apdus(command)),
    ]);
    return {
      seeds,
      mutate: mutateApdus,
      run: (input) => {
        const [selector = 0] = input;
        const start = cards[(selector & 0x7f) % cards.length] as Card;
        const after = (selector & PLAIN ? executed : exchanged)(start, input.subarray(1));
        must(cardToJson(cardFromJson(cardToJson(after))) === cardToJson(after), 'the stored card differs');
      },
    };
  },
};

/** Joins the parts, each with its length in front. */
function apdus(command: Uint8Array): Uint8Array {
  const all = [SELECT_ISD_R.replaceAll(' ', ''), ...blocksOf(command, Array(20).fill(255)), '80c0000000'];
  return concat(...all.map(fromHex).flatMap((one) => [Uint8Array.of(one.length), one]));
}

const mutateApdus: Mutate = (input, other, chance) =>
  behindSelector(((input[0] ?? 0) & PLAIN) === 0 ? mutateOctets : mutateDer, 256)(input, other, chance);

function executed(card: Card, command: Uint8Array): Card {
  const { card: after, sw } = execute(card, command, env);
  match(sw.toString(16), WORDS);
  return after;
}

function exchanged(card: Card, octets: Uint8Array): Card {
  // powerOn ends the session, which most commands need
  let powered: Powered = { ...powerOn(card), card };
  for (let at = 0; at < octets.length; ) {
    const end = at + 1 + (octets[at] as number);
    const { response, ...next } = exchange(powered, octets.subarray(at + 1, end), env);
    match(toHex(response), WORDS);
    must(response.length <= 258, 'a response is too long');
    powered = next;
    at = end;
  }
  return powered.card;
}
