import { fromHex, toHex } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type Card, exchange, type Powered, powerOn } from './index.ts';

/** A card in a terminal: what each APDU leaves is what the next one meets. */
export type Terminal = {
  readonly powered: () => Powered;
  readonly card: () => Card;
  readonly reset: () => void;
  /** Both in hexadecimal, blanks between; the response has its status word at the end. */
  readonly send: (apdu: string) => string;
};

export function terminalWith(card: Card): Terminal {
  let powered = powerOn(card);
  return {
    powered: () => powered,
    card: () => powered.card,
    reset: () => {
      powered = powerOn(powered.card);
    },
    send: (apdu) => {
      const { response, ...next } = exchange(powered, fromHex(apdu.replaceAll(' ', '')), {
        random: systemRandom,
      });
      powered = next;
      return toHex(response);
    },
  };
}

export const SELECT_ISD_R = '00a4040010 a0000005591010ffffffff8900000100';

/** With ISD-R selected on the basic channel. */
export function selectedWith(card: Card): Terminal {
  const terminal = terminalWith(card);
  terminal.send(SELECT_ISD_R);
  return terminal;
}

/** A command as STORE DATA with blocks of these lengths, and the last one of what is left. */
export function blocksOf(command: Uint8Array, lengths: readonly number[]): string[] {
  const blocks: Uint8Array[] = [];
  let at = 0;
  for (const length of [...lengths, 255]) {
    const block = command.subarray(at, at + length);
    if (block.length > 0) blocks.push(block);
    at += length;
  }
  return blocks.map((block, i) => {
    const header = [0x80, 0xe2, i === blocks.length - 1 ? 0x91 : 0x11, i, block.length];
    return toHex(Uint8Array.from([...header, ...block]));
  });
}

/** Sends blocks and fetches the answer as an LPA does: the data with the last status word. */
export function answerTo({ send }: Terminal, blocks: readonly string[]): string {
  let response = '9000';
  for (const block of blocks) {
    response = send(block);
    if (block !== blocks.at(-1) && response !== '9000') return response;
  }
  let data = '';
  while (response.slice(-4, -2) === '61') {
    data += response.slice(0, -4);
    response = send(`80c00000${response.slice(-2)}`);
  }
  return data + response;
}
