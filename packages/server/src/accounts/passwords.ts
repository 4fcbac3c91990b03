import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Parameters of Argon2id by the Password Storage Cheat Sheet of OWASP: 19 MiB, two passes, one lane. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const SALT_BYTES = 16;

/** Passwords that are hashed at the same time, each in a thread of its own; others wait. */
const AT_ONCE = 2;
/** More than these would wait for seconds. */
const MOST_WAITING = 20;

export const LEAST_PASSWORD_CHARACTERS = 10;
export const MOST_PASSWORD_CHARACTERS = 200;

/** Too many passwords wait to be hashed. */
export class TooManyPasswords extends Error {
  override readonly name = 'TooManyPasswords';
}

type Parameters = {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
};

const compute = promisify(argon2);
let running = 0;
const waiting: (() => void)[] = [];

/** Takes a turn: the threads are also needed for files, and each hash needs 19 MiB. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new TooManyPasswords('too many passwords are being checked');
    await new Promise<void>((resolve) => void waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

async function tagOf(password: string, nonce: Uint8Array, parameters: Parameters): Promise<Uint8Array> {
  const message = Buffer.from(password.normalize('NFC'));
  return inTurn(() => compute('argon2id', { message, nonce, ...parameters }));
}

/** The hash of a password, with what it takes to check it, in the form of PHC strings. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, PARAMETERS);
  const { memory, passes, parallelism } = PARAMETERS;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Whether a password is the one of a hash. Without a hash it takes as long, and it is not. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const known = hash === undefined ? undefined : parse(hash);
  const salt = known?.salt ?? Buffer.alloc(SALT_BYTES);
  const tag = await tagOf(password, salt, known?.parameters ?? PARAMETERS);
  return known !== undefined && timingSafeEqual(tag, known.tag);
}

function parse(hash: string) {
  const [, m, t, p, salt, tag] =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) throw new Error('a stored hash of a password cannot be read');
  const bytes = Buffer.from(tag, 'base64');
  const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
  return {
    salt: Buffer.from(salt, 'base64'),
    tag: bytes,
    parameters: { memory, passes, parallelism, tagLength: bytes.length },
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
