import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import type { TokenCall, TokenCalls, TokenFault, TokenReply, TokenRequest } from './messages.ts';

/** A token that cannot be used. The message is one line that says what to do. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly kind: TokenFault['kind'];

  constructor(kind: TokenFault['kind'], text: string) {
    super(text);
    this.kind = kind;
  }
}

/** A running program.ts. */
export type TokenProcess = {
  /** Rejects with a TokenError; its kind is `lost` if the process has ended. */
  ask<K extends TokenCall>(call: K, request: TokenCalls[K]['request']): Promise<TokenCalls[K]['reply']>;
  /** Calls without a reply so far. */
  outstanding(): number;
  /** Ends it at once, with everything that it was asked. */
  end(why: string): void;
};

type Pending = { readonly resolve: (reply: unknown) => void; readonly reject: (error: TokenError) => void };

/** Starts the process. It is killed when it has sent no reply for `limitMs()` although it was asked something. */
export function startTokenProcess(name: string, limitMs: () => number): TokenProcess {
  const child = fork(new URL(`program${extname(import.meta.filename)}`, import.meta.url), {
    env: environment(),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  const pending = new Map<number, Pending>();
  let count = 0;
  let replies = 0;
  let ended: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const end = (why: string) => {
    if (ended !== undefined) return;
    ended = `the token '${name}' cannot be used: ${why}`;
    clearTimeout(timer);
    child.kill('SIGKILL');
    for (const { reject } of pending.values()) reject(new TokenError('lost', ended));
    pending.clear();
  };
  const watch = () => {
    clearTimeout(timer);
    if (pending.size === 0) return;
    const [limit, seen] = [limitMs(), replies];
    const check = () => {
      if (replies === seen) end(`it did not answer within ${limit} ms`);
    };
    timer = setTimeout(() => setImmediate(check), limit); // if this process was busy, it reads the replies first
  };
  child.on('message', (answer: TokenReply) => {
    replies++;
    const asked = pending.get(answer.number);
    pending.delete(answer.number);
    watch();
    if ('fault' in answer) asked?.reject(new TokenError(answer.fault.kind, answer.fault.text));
    else asked?.resolve(answer.reply);
  });
  child.on('error', (error) => end(`its process failed (${error.message})`));
  child.on('exit', (code, signal) => end(`its process has ended (${signal ?? code})`));
  return {
    ask: (call, request) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(new TokenError('lost', ended));
        const number = ++count;
        pending.set(number, { resolve: resolve as Pending['resolve'], reject });
        if (pending.size === 1) watch();
        send(child, { number, call, request });
      }),
    outstanding: () => pending.size,
    end,
  };
}

function send(child: ChildProcess, request: TokenRequest): void {
  child.send(request, () => undefined); // an error of the channel is followed by the end of the process
}

/** The module may need variables of its own. Those of the server have secrets that are not for it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ESIM_|NODE_)/.test(name)));
}
