import type { Socket } from 'node:net';
import { parseIpAddress } from './ip-address.ts';

/** The header with which a proxy that passes TLS on begins a connection (PROXY protocol of HAProxy, versions 1 and 2). */
export type ProxyHeader = {
  /** Octets of the header. */
  readonly length: number;
  /** IP address of the client. Absent: the connection is the proxy's own, such as a health check. */
  readonly source?: string;
};

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const V1_START = Buffer.from('PROXY ');
/** Longest header of version 1, with CR and LF. */
const V1_MAX = 107;
const V2_FIXED = 16;
/** Longest part after the fixed one: addresses and extensions. */
const V2_MAX = 2048;

/** Reads the header at the start of `octets`. `more`: it is not complete yet. undefined: it is not a header. */
export function parseProxyHeader(octets: Buffer): ProxyHeader | 'more' | undefined {
  const begins = (start: Buffer) =>
    octets.subarray(0, start.length).equals(start.subarray(0, Math.min(octets.length, start.length)));
  if (begins(V1_START)) return parseV1(octets);
  return begins(SIGNATURE) ? parseV2(octets) : undefined;
}

function parseV1(octets: Buffer): ProxyHeader | 'more' | undefined {
  const end = octets.subarray(0, V1_MAX).indexOf('\r\n');
  if (end === -1) return octets.length < V1_MAX ? 'more' : undefined;
  const line = octets.toString('latin1', 0, end);
  const length = end + 2;
  if (/^PROXY UNKNOWN( |$)/.test(line)) return { length };
  const [, family, from = '', to = ''] =
    /^PROXY (TCP[46]) ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+) \d{1,5} \d{1,5}$/.exec(line) ?? [];
  const isOfFamily = (text: string) => text.includes(':') === (family === 'TCP6');
  const source = parseIpAddress(from);
  const isRight = isOfFamily(from) && isOfFamily(to) && parseIpAddress(to) !== undefined;
  return source !== undefined && isRight ? { length, source } : undefined;
}

function parseV2(octets: Buffer): ProxyHeader | 'more' | undefined {
  if (octets.length < V2_FIXED) return 'more';
  const [command = 0, family = 0] = octets.subarray(12, 14);
  const rest = octets.readUInt16BE(14);
  if ((command !== 0x20 && command !== 0x21) || rest > V2_MAX) return undefined;
  const length = V2_FIXED + rest;
  if (octets.length < length) return 'more';
  if (command === 0x20 || family === 0x00) return { length };
  if (family === 0x11 && rest >= 12) return { length, source: [...octets.subarray(16, 20)].join('.') };
  if (family !== 0x21 || rest < 36) return undefined;
  const groups = Array.from({ length: 8 }, (_, i) => octets.readUInt16BE(16 + 2 * i).toString(16));
  const source = parseIpAddress(groups.join(':'));
  return source === undefined ? undefined : { length, source };
}

/**
 * Waits for the header at the start of a connection, passes it to `done` and puts the octets after it back into the socket. Closes a
 * connection that begins with anything else, ends first, or takes longer than `timeout` milliseconds.
 */
export function readProxyHeader(socket: Socket, timeout: number, done: (header: ProxyHeader) => void): void {
  let read: Buffer = Buffer.alloc(0);
  const giveUp = () => socket.destroy();
  const timer = setTimeout(giveUp, timeout);
  const take = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read())
      read = Buffer.concat([read, chunk]);
    const header = parseProxyHeader(read);
    if (header === 'more') return;
    clearTimeout(timer);
    socket.off('readable', take).off('end', giveUp);
    if (header === undefined || socket.destroyed) return giveUp();
    const rest = read.subarray(header.length);
    if (rest.length > 0) socket.unshift(rest);
    done(header);
  };
  socket.on('readable', take).on('end', giveUp);
  socket.on('error', giveUp).once('close', () => clearTimeout(timer));
}
