import { connect, type Socket } from 'node:net';
import { describeFailure } from '../outbound/post.ts';
import { isPrivateLiteral, PrivateHostError, publicOnly } from '../outbound/resolve.ts';
import { CoreError, wordsOf } from './core-error.ts';
import type { CoreCall } from './core-kind.ts';

/** A command of the CTRL interface of Osmocom programs: a variable, and what to do with it. */
export type CtrlCommand = {
  readonly verb: 'GET' | 'SET';
  readonly variable: string;
  /** Of SET. */
  readonly value?: string;
};
/** `error`: what the program said. */
export type CtrlAnswer = { readonly value: string } | { readonly error: string };
export type Ask = (command: CtrlCommand) => Promise<CtrlAnswer>;

/** The length, and the stream: IPA_OSMO, whose extension CTRL is in the first octet. */
const HEADER = 3;
const [OSMO_STREAM, CONTROL_EXTENSION] = [0xee, 0x00];
/** More octets in a conversation are not an answer of CTRL. */
const MOST_OCTETS = 1 << 20;

/** Connects to a CTRL interface (ctrl://host:port), and closes the connection when the conversation is over. */
export async function overCtrl<T>(call: CoreCall, converse: (ask: Ask) => Promise<T>): Promise<T> {
  const { core, allowPrivate, lookUp, signal } = call;
  const url = new URL(core.url);
  if (!allowPrivate && isPrivateLiteral(url)) throw new CoreError(new PrivateHostError().message);
  const socket = connect({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    lookup: allowPrivate ? lookUp : publicOnly(lookUp),
  });
  const end = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', end);
  try {
    if (signal.aborted) end();
    return await converse(asker(socket));
  } catch (error) {
    if (error instanceof CoreError) throw error;
    throw new CoreError(describeFailure(error));
  } finally {
    signal.removeEventListener('abort', end);
    socket.destroy();
  }
}

function asker(socket: Socket): Ask {
  const frames = ctrlTexts(socket);
  let number = 0;
  return async ({ verb, variable, value }) => {
    const id = ++number;
    const words = [verb, id, variable, ...(value === undefined ? [] : [value])];
    socket.write(frameOf(words.join(' ')));
    for (;;) {
      const { value: text } = await frames.next();
      if (text === undefined) throw new CoreError('the connection broke');
      if (!text.startsWith('TRAP ')) return readAnswer(text, { verb, id, variable });
    }
  };
}

/** Frames of CTRL carry text; a program sends what happens elsewhere (TRAP) in between. */
function frameOf(text: string): Buffer {
  const content = Buffer.concat([Buffer.of(CONTROL_EXTENSION), Buffer.from(text, 'utf8')]);
  const header = Buffer.from([content.length >> 8, content.length & 0xff, OSMO_STREAM]);
  return Buffer.concat([header, content]);
}

async function* ctrlTexts(socket: Socket): AsyncGenerator<string, undefined> {
  let waiting = Buffer.alloc(0);
  let octets = 0;
  for await (const piece of socket) {
    octets += (piece as Buffer).length;
    if (octets > MOST_OCTETS) throw new CoreError('the answer is too long');
    waiting = Buffer.concat([waiting, piece as Buffer]);
    while (waiting.length >= HEADER && waiting.length >= HEADER + waiting.readUInt16BE()) {
      const end = HEADER + waiting.readUInt16BE();
      const [stream, extension, content] = [waiting[2], waiting[HEADER], waiting.subarray(HEADER + 1, end)];
      waiting = waiting.subarray(end);
      if (stream === OSMO_STREAM && extension === CONTROL_EXTENSION) yield content.toString('utf8');
    }
  }
}

type Asked = { readonly verb: string; readonly id: number; readonly variable: string };

/** `SET_REPLY 1 variable value`, or `ERROR 1 text`: anything else is not the answer to this command. */
export function readAnswer(text: string, { verb, id, variable }: Asked): CtrlAnswer {
  const reply = `${verb}_REPLY ${id} ${variable}`;
  if (text === reply) return { value: '' };
  if (text.startsWith(`${reply} `)) return { value: text.slice(reply.length + 1) };
  const refusal = `ERROR ${id} `;
  if (text.startsWith(refusal)) return { error: wordsOf(text.slice(refusal.length)) };
  throw new CoreError('answered something that is not an answer of CTRL to this command');
}
