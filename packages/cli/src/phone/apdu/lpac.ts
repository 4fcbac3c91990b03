import { fromHex, toHex } from '@esim-rsp/codec';
import type { Incoming, Outgoing } from '../transport.ts';
import type { Terminal } from './terminal.ts';

/** What a program that speaks lpac's stdio protocol can ask for. */
export type Answering = {
  readonly terminal: Terminal;
  /** undefined when nothing was answered; whoever implements it has said why. */
  readonly http: (message: Outgoing) => Promise<Incoming | undefined>;
};

type Payload = { readonly [member: string]: unknown };
type Line = { readonly type?: unknown; readonly payload?: unknown };

/**
 * The answer to a line of the program, which is one line too; undefined for a line that asks for nothing, such as progress and results.
 * A request that cannot be understood has an answer as well, or the program would wait for ever.
 */
export async function answerLine(text: string, answering: Answering): Promise<string | undefined> {
  const { type, payload } = lineIn(text);
  const asked = typeof payload === 'object' && payload !== null ? (payload as Payload) : {};
  if (type === 'apdu') return answer(type, await cardAnswer(asked, answering.terminal));
  if (type === 'http') return answer(type, await httpAnswer(asked, answering));
  return undefined;
}

/** Whether a line is a message of the protocol at all. */
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

/** No answer of a server: lpac takes it as a failure of the call. */
const unanswered = { rcode: 0, rx: '' };

async function httpAnswer({ url, tx, headers }: Payload, { http }: Answering): Promise<Payload> {
  const octets = tx === null || tx === undefined ? new Uint8Array() : octetsIn(tx);
  const target = typeof url === 'string' ? URL.parse(url) : null;
  if (octets === undefined || target?.protocol !== 'https:') return unanswered;
  const came = await http({ url: target, headers: headersIn(headers), octets });
  return came === undefined ? unanswered : { rcode: came.status, rx: toHex(came.octets) };
}

/** What an LPA says of itself and its message; how the message travels is not up to it. */
const HEADER = /^(user-agent|x-admin-protocol|content-type|accept): *([\x20-\x7e]*)$/i;

function headersIn(given: unknown): Record<string, string> {
  const lines = Array.isArray(given) ? given.filter((line) => typeof line === 'string') : [];
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
