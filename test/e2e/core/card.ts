import assert from 'node:assert/strict';
import { fromHex, toHex } from '@esim-rsp/codec';
import { USIM } from '@esim-rsp/euicc';
import type { Phone, Terminal } from '@esim-rsp/phone';
import type { Vector } from './hlr.ts';

/** The card of a phone, whose USIM is selected. */
export type Card = {
  /** AUTHENTICATE with a vector; resolves to the answer in hexadecimal. */
  authenticate(vector: Vector): Promise<string>;
};

/** What a card answers that has the keys of the vector. */
export const expected = ({ res, ck, ik }: Vector) => `db08${res}10${ck}10${ik}9000`;

/** Selects the USIM of the profile that is enabled. */
export async function cardOf(phone: Phone): Promise<Card> {
  const terminal = phone.terminal();
  await terminal.connect();
  assert.match(await exchange(terminal, `00a4040407${toHex(USIM)}`), /9000$/);
  return {
    authenticate: ({ rand, autn }) => exchange(terminal, `008800812210${rand}10${autn}`),
  };
}

/** Sends a command, fetches the answer, and gives both in hexadecimal. */
async function exchange(terminal: Terminal, apdu: string): Promise<string> {
  const send = async (octets: string) =>
    toHex((await terminal.transmit(fromHex(octets))) ?? assert.fail('no card'));
  const answer = await send(apdu);
  return answer.startsWith('61') ? send(`00c00000${answer.slice(2)}`) : answer;
}
