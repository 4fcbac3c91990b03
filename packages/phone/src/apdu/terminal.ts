import { concat, fromHex } from '@esim-rsp/codec';
import { exchange, type Powered, powerOn } from '@esim-rsp/euicc';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CardSlot } from '../card-slot.ts';

/** A card reader with the card of a phone in it. */
export type Terminal = {
  /** Supplies power, or resets the card. */
  readonly connect: () => Promise<void>;
  readonly disconnect: () => Promise<void>;
  /** Opens a logical channel and selects an application on it; undefined if no channel is free or there is no such application. */
  readonly openChannel: (aid: Uint8Array) => Promise<number | undefined>;
  readonly closeChannel: (number: number) => Promise<boolean>;
  /** Sends a command APDU; undefined if nothing is connected. */
  readonly transmit: (apdu: Uint8Array) => Promise<Uint8Array | undefined>;
};

export function terminalOf(slot: Pick<CardSlot, 'apply' | 'execute'>): Terminal {
  let channels: Powered['channels'] | undefined;
  const reset = async (then: (powered: Powered) => Powered['channels'] | undefined) => {
    await slot.apply((card) => {
      const powered = powerOn(card);
      channels = then(powered);
      return powered;
    });
  };
  const transmit = async (apdu: Uint8Array): Promise<Uint8Array | undefined> => {
    const { response } = await slot.apply((card) => {
      if (channels === undefined) return { card, response: undefined };
      const exchanged = exchange({ card, channels }, apdu, { random: systemRandom }, slot.execute);
      channels = exchanged.channels;
      return exchanged;
    });
    return response;
  };
  const closeChannel = async (number: number) =>
    statusIn(await transmit(Uint8Array.of(0x00, 0x70, 0x80, number, 0x00))) === 0x9000;
  return {
    connect: () => reset((powered) => powered.channels),
    disconnect: () => reset(() => undefined),
    openChannel: async (aid) => {
      const opened = await transmit(fromHex('0070000001'));
      const [number] = opened ?? [];
      if (number === undefined || statusIn(opened) !== 0x9000) return undefined;
      const select = concat(Uint8Array.of(classOf(number), 0xa4, 0x04, 0x00, aid.length), aid);
      const status = statusIn(await transmit(select)) ?? 0;
      if (status === 0x9000 || status >> 8 === 0x61) return number;
      await closeChannel(number);
      return undefined;
    },
    closeChannel,
    transmit,
  };
}

/** CLA of an interindustry command on this channel (ISO/IEC 7816-4). */
function classOf(channel: number): number {
  return channel < 4 ? channel : 0x40 | (channel - 4);
}

function statusIn(response: Uint8Array | undefined): number | undefined {
  const [first, second] = response?.subarray(-2) ?? [];
  return first === undefined || second === undefined ? undefined : (first << 8) | second;
}
