import { concat, tlv } from '@esim-rsp/codec';
import { type Es9Channel, type Es10Channel, LpaFailure } from '@esim-rsp/euicc';
import { findBinding } from '#server/rsp/es9/bindings';
import { es9Over, es10With, life, newCard, released } from '../../test/harness/server-in-process.ts';
import { chanceFrom } from '../chance.ts';
import { mutateDer, mutateJson, mutateOctets } from '../mutate.ts';
import type { Target } from '../target.ts';

/** Messages in a life: the requests and responses of ES9+, and the commands and answers of ES10. */
const MESSAGES = 90;

/** A whole life in which one message is mutated. The input is the number of the message, and the seed of the mutation. */
export const session: Target = {
  name: 'session',
  open: () => ({
    seeds: [Uint8Array.of(MESSAGES, 0, 0, 0, 0)],
    mutate: (_input, _other, chance) => concat(Uint8Array.of(chance.number(MESSAGES)), chance.octets(4)),
    run: async (input) => {
      const [which = 0, ...seed] = input;
      const way = mutated(
        which,
        seed.reduce((sum, octet) => sum * 256 + octet, 0),
      );
      try {
        await life({ es9: way.es9(es9Over(await released())), es10: way.es10(es10With(newCard())) });
      } catch (error) {
        if (!(error instanceof LpaFailure)) throw error;
      }
    },
  }),
};

function mutated(which: number, seed: number) {
  const chance = chanceFrom(seed);
  let passed = 0;
  const isIt = () => passed++ === which;
  const spare = tlv(0xbf37, tlv(0x80, Uint8Array.of(1)), tlv(0xa0, tlv(0x5f37, new Uint8Array(64))));
  const octets = (own: Uint8Array) => (isIt() ? mutateDer(own, spare, chance) : own);
  const json = (own: unknown): unknown => {
    if (!isIt() || own === undefined) return own;
    const text = new TextEncoder().encode(JSON.stringify(own));
    try {
      return JSON.parse(new TextDecoder().decode(mutateJson(text, text, chance)));
    } catch {
      return chance.pick([undefined, null, 1, 'x', []]); // the body from a transport that received no JSON
    }
  };
  const es9 = (to: Es9Channel): Es9Channel => ({
    post: async (address, path, body) => {
      const sent = json(body) as typeof body;
      if (findBinding(path) === undefined) throw new Error(`nothing is at ${path}`);
      const { status, body: answer } = await to.post(address, path, sent);
      return { status, body: json(answer) };
    },
  });
  const es10 = (to: Es10Channel): Es10Channel => ({
    transmit: async (command) => {
      const { sw, data } = await to.transmit(octets(command));
      if (!isIt()) return { sw, data: octets(data) };
      const [high = 0, low = 0] = mutateOctets(Uint8Array.of(sw >> 8, sw & 0xff), spare, chance);
      return { sw: high * 256 + low, data };
    },
  });
  return { es9, es10 };
}
