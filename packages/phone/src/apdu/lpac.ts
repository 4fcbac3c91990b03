import { fromHex, toHex } from '@esim-rsp/codec';
import type { Incoming, Outgoing } from '../transport.ts';
import type { Terminal } from './terminal.ts';

/** What a program that speaks lpac's stdio protocol can use. */
export type Answering = {
  readonly terminal: Terminal;
  /** Sends a message to a server; undefined if the server gave no answer. */
  readonly http: (message: Outgoing) => Promise<Incoming | undefined>;
};

type Payload = { readonly [member: string]: unknown };
type Line = { readonly type?: unknown; readonly payload?: unknown };

/**
 * Answers a line of the program with one line; undefined for a line that asks for nothing, such as progress and results.
 * A request that cannot be understood is answered too, or the program would wait for ever.
 */
export async function answerLine(text: string, answering: Answering): Promise<string | undefined> {
  const { type, payload } = lineIn(text);
  const request = typeof payload === 'object' && payload !== null ? (payload as Payload) : {};
  if (type === 'apdu') return answer(type, await cardAnswer(request, answering.terminal));
  if (type === 'http') return answer(type, await httpAnswer(request, answering));
  return undefined;
}

/** Whether a line is a message of the protocol. */
export function isMessage(text: string): boolean {
  return typeof lineIn(text).type === 'string';
}

function lineIn(text: string): Line {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

function answer(type: string, payload: Payload): string {
  return JSON.stringify({ type, payload });
}

const failed = { ecode: -1 };
const done = { ecode: 0 };

async function cardAnswer({ func, param }: Payload, terminal: Terminal): Promise<Payload> {
  if (func === 'connect') {
    await terminal.connect();
    return done;
  }
  if (func === 'disconnect') {
    await terminal.disconnect();
    return done;
  }
  const octets = octetsIn(param);
  if (octets === undefined) return failed;
  if (func === 'logic_channel_open') {
    const number = octets.length > 16 ? undefined : await terminal.openChannel(octets);
    return number === undefined ? failed : { ecode: number };
  }
  if (func === 'logic_channel_close') {
    const [number] = octets;
    return number !== undefined && (await terminal.closeChannel(number)) ? done : failed;
  }
  if (func !== 'transmit') return failed;
  const response = await terminal.transmit(octets);
  return response === undefined ? failed : { ...done, data: toHex(response) };
}

/** No answer of a server: for lpac the call has failed. */
const unanswered = { rcode: 0, rx: '' };

async function httpAnswer({ url, tx, headers }: Payload, { http }: Answering): Promise<Payload> {
  const octets = tx === null || tx === undefined ? new Uint8Array() : octetsIn(tx);
  const target = typeof url === 'string' ? URL.parse(url) : null;
  if (octets === undefined || target?.protocol !== 'https:') return unanswered;
  const received = await http({ url: target, headers: headersIn(headers), octets });
  return received === undefined ? unanswered : { rcode: received.status, rx: toHex(received.octets) };
}

/** The headers that a program may set: they describe the LPA and its message, not how the message is sent. */
const HEADER = /^(user-agent|x-admin-protocol|content-type|accept): *([\x20-\x7e]*)$/i;

function headersIn(list: unknown): Record<string, string> {
  const lines = Array.isArray(list) ? list.filter((line) => typeof line === 'string') : [];
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = HEADER.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

function octetsIn(text: unknown): Uint8Array | undefined {
  return typeof text === 'string' && /^(?:[0-9a-f]{2})*$/i.test(text) ? fromHex(text) : undefined;
}
