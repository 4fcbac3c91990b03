import { concat } from '@esim-rsp/codec';
import type { Es10Channel } from '@esim-rsp/euicc';

/** Sends one APDU and gives the response with its status word at the end. */
export type Transmit = (apdu: Uint8Array) => Promise<Uint8Array>;

/** ES10 over APDUs on a logical channel (1 to 3) on which ISD-R is selected, as LPAs do it: short blocks, GET RESPONSE. */
export function es10Over(transmit: Transmit, channel: number, blockLength: number): Es10Channel {
  const cla = 0x80 | channel;
  const send = async (header: readonly number[], data: Uint8Array = new Uint8Array()) => {
    const response = await transmit(concat(Uint8Array.of(cla, ...header), data));
    const [sw1 = 0, sw2 = 0] = response.subarray(-2);
    return { sw1, sw2, data: response.subarray(0, -2) };
  };
  return {
    transmit: async (command) => {
      const blocks = Math.max(1, Math.ceil(command.length / blockLength));
      let answer = { sw1: 0, sw2: 0, data: new Uint8Array() as Uint8Array };
      for (let i = 0; i < blocks; i++) {
        const block = command.subarray(i * blockLength, (i + 1) * blockLength);
        answer = await send([0xe2, i === blocks - 1 ? 0x91 : 0x11, i, block.length], block);
        if (answer.sw1 !== 0x90 && answer.sw1 !== 0x61) break;
      }
      const pieces = [answer.data];
      while (answer.sw1 === 0x61) {
        answer = await send([0xc0, 0, 0, answer.sw2]);
        pieces.push(answer.data);
      }
      return { sw: (answer.sw1 << 8) | answer.sw2, data: concat(...pieces) };
    },
  };
}
