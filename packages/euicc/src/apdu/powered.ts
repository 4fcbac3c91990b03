import { type Card, withoutSession } from '../card/card.ts';
import type { CommandApdu } from './command-apdu.ts';
import { sw } from './status-words.ts';

/** ISD-R, and the USIM of the enabled profile. */
export type Application = 'isd-r' | 'usim';

/** A logical channel that is open. */
export type Channel = {
  /** The application that is selected; absent: none is. */
  readonly selected?: Application | undefined;
  /** The blocks of a command that is not complete. */
  readonly blocks?: readonly Uint8Array[];
  /** What is left of an answer, for GET RESPONSE. */
  readonly pending?: Uint8Array;
};

/** A card that has power. Each APDU returns a new value; without power only the card remains. */
export type Powered = { readonly card: Card; readonly channels: ReadonlyMap<number, Channel> };

/** Supplies power or resets: this ends the RSP session and every channel but the basic one, on which nothing is selected. */
export function powerOn(card: Card): Powered {
  return {
    card: card.session === undefined ? card : withoutSession(card),
    channels: new Map([[0, {}]]),
  };
}

/**
 * Answer to reset: T=0 and T=15, with the bit of eUICC-related functions (ETSI TS 102 221 6.3), AIDs in full and in part, and
 * logical channels that the card assigns.
 */
export const ATR: Uint8Array = Uint8Array.of(
  ...[0x3b, 0x97, 0x96, 0x80, 0x3f, 0xc7, 0x82],
  ...[0x80, 0x31, 0xe0, 0x73, 0xfe, 0x21, 0x17],
  0x11,
);

/** The result of an APDU: the card with its channels, the status word and the response data. */
export type Answered = Powered & { readonly sw: number; readonly data: Uint8Array };

/** One instruction, on a channel that is open. */
export type Instruction<E> = (powered: Powered, command: CommandApdu, env: E) => Answered;

export function channelOf({ channels }: Powered, { channel }: CommandApdu): Channel {
  return channels.get(channel) ?? {};
}

/** Changes the channel of this command. */
export function withChannel(powered: Powered, command: CommandApdu, channel: Channel): Powered {
  return { ...powered, channels: new Map(powered.channels).set(command.channel, channel) };
}

export function status(powered: Powered, word: number): Answered {
  return { ...powered, sw: word, data: new Uint8Array() };
}

/** Keeps data for GET RESPONSE, as under T=0 after a command with data. */
export function answerByGetResponse(powered: Powered, command: CommandApdu, data: Uint8Array): Answered {
  if (data.length === 0) return status(powered, sw.ok);
  const channel = { ...channelOf(powered, command), pending: data };
  return status(withChannel(powered, command, channel), sw.moreData | octetsLeft(data));
}

/** Answers with data at once; 6Cxx says the right Le if it is wrong. */
export function answerDirectly(
  powered: Powered,
  { expected = 256 }: CommandApdu,
  data: Uint8Array,
): Answered {
  if (expected !== 256 && expected !== data.length) return status(powered, sw.wrongLe | data.length);
  return { ...powered, sw: sw.ok, data };
}

/** The second octet of 61xx or 6Cxx. */
export function octetsLeft({ length }: Uint8Array): number {
  return length > 255 ? 0 : length;
}
