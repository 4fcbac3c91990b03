import { type Instruction, type Powered, status } from './powered.ts';
import { sw } from './status-words.ts';

const LAST_CHANNEL = 19;
const [OPEN, CLOSE] = [0x00, 0x80];

/** MANAGE CHANNEL (ETSI TS 102 221 11.1.17): opens the first free channel, or closes one. The basic channel is always open. */
export const manageChannel: Instruction<unknown> = (powered, command) => {
  const { p1, p2, data, expected = 256 } = command;
  if (data.length > 0) return status(powered, sw.wrongLength);
  if (p1 === CLOSE) return closeChannel(powered, p2);
  if (p1 !== OPEN || p2 !== 0) return status(powered, sw.incorrectP1P2);
  const free = firstFree(powered);
  if (free === undefined) return status(powered, sw.functionNotSupported);
  if (expected !== 256 && expected !== 1) return status(powered, sw.wrongLe | 1);
  return { ...openChannel(powered, free), sw: sw.ok, data: Uint8Array.of(free) };
};

function firstFree({ channels }: Powered): number | undefined {
  for (let number = 1; number <= LAST_CHANNEL; number++) if (!channels.has(number)) return number;
  return undefined;
}

function openChannel(powered: Powered, number: number): Powered {
  return { ...powered, channels: new Map(powered.channels).set(number, {}) };
}

function closeChannel(powered: Powered, number: number) {
  if (number === 0 || number > LAST_CHANNEL) return status(powered, sw.incorrectP1P2);
  const channels = new Map(powered.channels);
  if (!channels.delete(number)) return status(powered, sw.channelNotSupported);
  return status({ ...powered, channels }, sw.ok);
}
