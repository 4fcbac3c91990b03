import { sw } from './status-words.ts';

/** Who defines the meaning of a CLA: ISO/IEC 7816-4, or GlobalPlatform and ETSI. */
export type Coding = 'interindustry' | 'proprietary';

/** A command APDU (ISO/IEC 7816-4). Only short lengths are supported. */
export type CommandApdu = {
  readonly coding: Coding;
  /** Logical channel, 0 to 19. */
  readonly channel: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** The most octets that the answer may have; absent if there is no Le. */
  readonly expected?: number;
};

/** Reads an APDU; a status word if it is not valid. */
export function readCommandApdu(apdu: Uint8Array): CommandApdu | number {
  const [cla, ins, p1, p2] = apdu;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return sw.wrongLength;
  const read = readClass(cla);
  if (typeof read === 'number') return read;
  const body = readBody(apdu.subarray(4));
  return typeof body === 'number' ? body : { ...read, ins, p1, p2, ...body };
}

/** CLA: the first interindustry values hold channels 0 to 3, the further ones 4 to 19. Proprietary values are coded in the same way. */
function readClass(cla: number): Pick<CommandApdu, 'coding' | 'channel'> | number {
  const further = (cla & 0x40) !== 0;
  if (cla === 0xff || (!further && (cla & 0x20) !== 0)) return sw.classNotSupported;
  if ((cla & (further ? 0x20 : 0x0c)) !== 0) return sw.secureMessagingNotSupported;
  if ((cla & 0x10) !== 0) return sw.commandChainingNotSupported;
  return {
    coding: cla < 0x80 ? 'interindustry' : 'proprietary',
    channel: further ? 4 + (cla & 0x0f) : cla & 0x03,
  };
}

/** What follows the header: nothing, Le, Lc and data, or all of them. */
function readBody(body: Uint8Array): Pick<CommandApdu, 'data' | 'expected'> | number {
  const [first] = body;
  if (first === undefined) return { data: body };
  if (body.length === 1) return { data: body.subarray(1), expected: first || 256 };
  if (first === 0) return sw.wrongLength; // an extended length
  const data = body.subarray(1, 1 + first);
  if (body.length === 1 + first) return { data };
  if (body.length === 2 + first) return { data, expected: body[1 + first] || 256 };
  return sw.wrongLength;
}
