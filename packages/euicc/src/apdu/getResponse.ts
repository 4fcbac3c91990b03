import { channelOf, type Instruction, octetsLeft, status, withChannel } from './powered.ts';
import { sw } from './status-words.ts';

/** GET RESPONSE: the next piece of an answer, up to 256 octets. If more is requested than is left, 6Cxx says how much is left. */
export const getResponse: Instruction<unknown> = (powered, command) => {
  const { p1, p2, data, expected = 256 } = command;
  const { selected, pending } = channelOf(powered, command);
  if (p1 !== 0 || p2 !== 0) return status(powered, sw.incorrectP1P2);
  if (data.length > 0) return status(powered, sw.wrongLength);
  if (pending === undefined) return status(powered, sw.conditionsNotSatisfied);
  if (expected !== 256 && expected > pending.length) return status(powered, sw.wrongLe | pending.length);
  const left = pending.subarray(expected);
  const channel = { selected, ...(left.length > 0 && { pending: left }) };
  return {
    ...withChannel(powered, command, channel),
    sw: left.length > 0 ? sw.moreData | octetsLeft(left) : sw.ok,
    data: pending.subarray(0, expected),
  };
};
