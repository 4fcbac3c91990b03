import { readFileSync } from 'node:fs';
import type { KeyUri, TokenAttributes } from './key-uri.ts';
import type { TokenCall, TokenCalls } from './messages.ts';
import { startTokenProcess, TokenError, type TokenProcess } from './process.ts';

export type TokenSettings = {
  /** The PIN, unless a file has it. */
  readonly pin?: string;
  readonly pinFile?: string;
  /** How long a call may take. */
  readonly timeoutMs: number;
  /** Signatures that the token computes at the same time. */
  readonly sessions: number;
};

export type TokenOptions = TokenSettings & {
  readonly modulePath: string;
  readonly which: TokenAttributes;
  /** To create keys. */
  readonly writes?: boolean;
  readonly log?: TokenLog;
};

/** Says when a token fails and when it can be used again. */
export type TokenLog = (level: 'error' | 'info', message: string) => void;

/** A token, used in a process of its own. */
export type Token = {
  /** Rejects with a TokenError. */
  call<K extends TokenCall>(call: K, request: TokenCalls[K]['request']): Promise<TokenCalls[K]['reply']>;
  /** Why it cannot be used at this moment. Tries again in the background, because no call may come meanwhile. */
  problem(): string | undefined;
  /** Ends its process, unless a call is in progress; the next call starts another one. */
  rest(): void;
  close(): void;
};

/** The token of a URI, with the file of its PIN. */
export function tokenOf(uri: KeyUri): Pick<TokenOptions, 'modulePath' | 'which' | 'pinFile'> {
  const { modulePath, pinFile, object: _object, id: _id, ...which } = uri;
  return { modulePath, which, ...(pinFile !== undefined && { pinFile }) };
}

/** The module is loaded and may search for devices; then the login. */
const START_MS = 20_000;
/** After a failure nothing is tried for this time. */
const PAUSE_MS = 1000;
/** Calls that wait for the token at the same time; more are refused. */
const MOST_CALLS = 1000;

/**
 * Opens the token at the first call, and again when its process has ended, is silent, or lost its session: then a call is repeated once. Every call
 * ends within `timeoutMs`. A refused PIN is not tried again until there is another one.
 */
export function createToken(options: TokenOptions): Token {
  const { timeoutMs, log = () => undefined } = options;
  const name = options.which.token ?? options.which.serial ?? options.modulePath;
  let running: TokenProcess | undefined;
  let starting: Promise<TokenProcess> | undefined;
  let problem: TokenError | undefined;
  let pausedUntil = 0;
  let refusedPin: string | undefined;
  let wasOpen = false;
  let isClosed = false;

  const fail = (error: TokenError) => {
    if (problem?.message !== error.message) log('error', error.message);
    problem = error;
    pausedUntil = performance.now() + PAUSE_MS;
  };

  const start = async (): Promise<TokenProcess> => {
    let pin: string | undefined;
    let started: TokenProcess | undefined;
    let isOpen = false;
    try {
      pin = readPin(options);
      if (pin === refusedPin && problem !== undefined) throw problem;
      started = startTokenProcess(name, () => (isOpen ? timeoutMs : START_MS));
      const { modulePath, which, sessions, writes = false } = options;
      await started.ask('open', { modulePath, which, pin, sessions, writes });
      isOpen = true;
      if (isClosed) throw closedError(name);
    } catch (error) {
      const reason = asTokenError(error);
      started?.end(reason.message);
      if (reason.kind === 'pin' && pin !== undefined) refusedPin = pin;
      fail(reason);
      throw reason;
    }
    if (problem !== undefined) log('info', `the token '${name}' can be used again`);
    problem = undefined;
    refusedPin = undefined;
    wasOpen = true;
    running = started;
    return started;
  };

  const ready = (): Promise<TokenProcess> | TokenProcess => {
    if (isClosed) throw closedError(name);
    if (running !== undefined) return running;
    if (problem !== undefined && performance.now() < pausedUntil) throw problem;
    starting ??= start().finally(() => {
      starting = undefined;
    });
    return starting;
  };

  /** The process is replaced at the next call. */
  const drop = (lost: TokenProcess, why: string) => {
    lost.end(why);
    if (running === lost) running = undefined;
  };

  const tryTwice: Token['call'] = async (call, request) => {
    const process = await ready();
    try {
      return await process.ask(call, request);
    } catch (error) {
      if (!isLost(error)) throw error;
      if (running === process && !isClosed) log('error', `${error.message}; connects again`);
      drop(process, error.message);
    }
    const next = await ready();
    try {
      return await next.ask(call, request);
    } catch (error) {
      if (!isLost(error)) throw error;
      drop(next, error.message);
      if (!isClosed) fail(error);
      throw error;
    }
  };

  let calls = 0;
  return {
    call: async (call, request) => {
      if (calls >= MOST_CALLS)
        throw new TokenError('lost', `${MOST_CALLS} calls wait for the token '${name}' already`);
      calls++;
      const counted = tryTwice(call, request).finally(() => {
        calls--;
      });
      return within(wasOpen ? timeoutMs : START_MS + timeoutMs, name, counted);
    },
    problem: () => {
      const mayTryAgain = problem !== undefined && performance.now() >= pausedUntil;
      if (mayTryAgain && running === undefined && !isClosed) Promise.resolve(ready()).catch(() => undefined);
      return problem?.message;
    },
    rest: () => {
      if (calls > 0) return;
      running?.end('it is not needed at this moment');
      running = undefined;
    },
    close: () => {
      isClosed = true;
      running?.end('the server stops');
      running = undefined;
    },
  };
}

/** Lists the tokens of a module. It needs no PIN. */
export async function listTokens(modulePath: string): Promise<TokenCalls['list']['reply']> {
  const started = startTokenProcess(modulePath, () => START_MS);
  try {
    return await started.ask('list', { modulePath });
  } finally {
    started.end('it is not needed any more');
  }
}

async function within<T>(milliseconds: number, name: string, result: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TokenError('lost', `the token '${name}' did not answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isLost(error: unknown): error is TokenError {
  return error instanceof TokenError && error.kind === 'lost';
}

function asTokenError(error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  return new TokenError('lost', (error as Error).message);
}

function closedError(name: string): TokenError {
  return new TokenError('lost', `the token '${name}' is closed, because the server stops`);
}

const MAX_PIN_BYTES = 256;

/** The PIN is read at each login, so that a corrected file is enough. No message has it. */
function readPin({ pin, pinFile }: TokenSettings): string {
  const text = pinFile === undefined ? pin : readPinFile(pinFile);
  if (text === undefined || text === '')
    throw new TokenError(
      'setting',
      pinFile === undefined
        ? 'there is no PIN of the token: write it into a file, and set ESIM_PKCS11_PIN_FILE to its path'
        : `the PIN file ${pinFile} is empty`,
    );
  if (Buffer.byteLength(text) > MAX_PIN_BYTES)
    throw new TokenError('setting', `the PIN of the token has more than ${MAX_PIN_BYTES} bytes`);
  return text;
}

function readPinFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TokenError('setting', `the PIN file ${path} cannot be read (${code})`);
  }
}
