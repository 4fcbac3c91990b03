import { existsSync } from 'node:fs';
import type { TokenAttributes } from './key-uri.ts';
import type { OpenRequest, TokenFault, TokenSummary } from './messages.ts';

/** An error whose words the parent process may show. */
export class FaultError extends Error {
  readonly fault: TokenFault;

  constructor(kind: TokenFault['kind'], text: string) {
    super(text);
    this.fault = { kind, text };
  }
}

export type Pkcs11 = typeof import('pkcs11js');
export type Module = InstanceType<Pkcs11['PKCS11']>;
export type Handle = Buffer;

/** A token in which this process is logged in. */
export type Opened = {
  readonly pkcs11: Pkcs11;
  readonly module: Module;
  readonly label: string;
  readonly serial: string;
  /** Reads and creates objects. */
  readonly session: Handle;
  /** Sessions that sign and do nothing at this moment. A token that allows one session only signs with the one above. */
  readonly idle: Handle[];
};

/** The addon is loaded here only, and only if a token is used. */
export async function loadPkcs11(): Promise<Pkcs11> {
  try {
    const loaded = (await import('pkcs11js')) as Pkcs11 & { readonly default: Pkcs11 };
    return loaded.default;
  } catch (error) {
    const { message } = error as Error;
    const isThere = !/Cannot find package/.test(message);
    throw new FaultError(
      'setting',
      isThere
        ? `the addon of pkcs11js is not built: run 'npm rebuild pkcs11js --ignore-scripts=false' (it needs python3, make and g++)`
        : `the package pkcs11js is not installed: run 'npm install pkcs11js', then 'npm rebuild pkcs11js --ignore-scripts=false'`,
    );
  }
}

export function loadModule(pkcs11: Pkcs11, path: string): Module {
  const advice = 'install the software of the token, or correct module-path';
  if (!existsSync(path))
    throw new FaultError('setting', `the PKCS#11 module ${path} does not exist: ${advice}`);
  const module = new pkcs11.PKCS11();
  try {
    module.load(path);
  } catch {
    throw new FaultError('setting', `${path} cannot be loaded as a PKCS#11 module: ${advice}`);
  }
  attempt(`the PKCS#11 module ${path} cannot be initialized`, () =>
    module.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK }),
  );
  return module;
}

/** Calls the module; its errors become faults with the name of the error. */
export function attempt<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw lost(what, error);
  }
}

export function lost(what: string, error: unknown): FaultError {
  return error instanceof FaultError ? error : new FaultError('lost', `${what} (${codeOf(error)})`);
}

/** The name of the return value, such as CKR_DEVICE_REMOVED. */
export function codeOf(error: unknown): string {
  return /CKR_\w+/.exec((error as Error).message)?.[0] ?? 'an unknown error';
}

const CKF_TOKEN_INITIALIZED = 0x400;
const CKF_USER_PIN_FINAL_TRY = 0x20000;
const CKF_USER_PIN_LOCKED = 0x40000;

type Info = TokenSummary & { readonly flags: number };

function infoOf(module: Module, slot: Handle): Info {
  const { label, serialNumber, manufacturerID, model, flags } = attempt('the token cannot be read', () =>
    module.C_GetTokenInfo(slot),
  );
  const trim = (text: string) => text.replace(/[\s\0]+$/, '');
  return {
    label: trim(label),
    serial: trim(serialNumber),
    manufacturer: trim(manufacturerID),
    model: trim(model),
    initialized: (flags & CKF_TOKEN_INITIALIZED) !== 0,
    flags,
  };
}

type ListedToken = { readonly slot: Handle; readonly summary: TokenSummary; readonly flags: number };

export function listTokens(module: Module): ListedToken[] {
  const slots = attempt('the slots of the module cannot be listed', () => module.C_GetSlotList(true));
  return slots.map((slot) => {
    const { flags, ...summary } = infoOf(module, slot);
    return { slot, summary, flags };
  });
}

function nameOf({ token, serial, manufacturer, model }: TokenAttributes): string {
  const parts = { label: token, serial, manufacturer, model };
  return Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} '${value}'`)
    .join(', ');
}

function selectToken(module: Module, which: TokenAttributes, modulePath: string): ListedToken {
  const tokens = listTokens(module).filter(({ summary }) => summary.initialized);
  const fits = ({ summary }: ListedToken) =>
    (which.token ?? summary.label) === summary.label &&
    (which.serial ?? summary.serial) === summary.serial &&
    (which.manufacturer ?? summary.manufacturer) === summary.manufacturer &&
    (which.model ?? summary.model) === summary.model;
  const [first, second] = tokens.filter(fits);
  const list = tokens.map(({ summary: { label, serial } }) => `'${label}' (serial ${serial})`).join(', ');
  if (first === undefined)
    throw new FaultError(
      'lost',
      `${modulePath} has no token with ${nameOf(which)}; it has: ${list || 'none'}. Connect the token, or correct the URI`,
    );
  if (second !== undefined)
    throw new FaultError(
      'setting',
      `several tokens have ${nameOf(which)}: add serial=… to the URI; there are: ${list}`,
    );
  return first;
}

export function openToken(pkcs11: Pkcs11, { modulePath, which, pin, sessions, writes }: OpenRequest): Opened {
  const module = loadModule(pkcs11, modulePath);
  const { slot, summary, flags } = selectToken(module, which, modulePath);
  const { label } = summary;
  refuseLockedPin(flags, label);
  const kind = pkcs11.CKF_SERIAL_SESSION | (writes ? pkcs11.CKF_RW_SESSION : 0);
  const openSession = () =>
    attempt(`the token '${label}' opens no session`, () => module.C_OpenSession(slot, kind));
  const session = openSession();
  logIn(pkcs11, module, { session, pin, label });
  const idle: Handle[] = [];
  while (idle.length < sessions) {
    try {
      idle.push(module.C_OpenSession(slot, kind));
    } catch {
      break; // a token with few sessions is used with those that it has
    }
  }
  if (idle.length === 0) idle.push(session);
  return { pkcs11, module, label, serial: summary.serial, session, idle };
}

/** The last try belongs to a person: a program that starts again and again would lock the token. */
function refuseLockedPin(flags: number, label: string): void {
  if ((flags & CKF_USER_PIN_LOCKED) !== 0) throw new FaultError('pin', lockedText(label));
  if ((flags & CKF_USER_PIN_FINAL_TRY) !== 0)
    throw new FaultError(
      'pin',
      `the token '${label}' locks itself after one more wrong PIN, so the server does not try: log in once with the tool of the token and the right PIN`,
    );
}

function lockedText(label: string): string {
  return `the token '${label}' has locked its PIN after wrong ones: its security officer must set a new one`;
}

function logIn(
  pkcs11: Pkcs11,
  module: Module,
  { session, pin, label }: { readonly session: Handle; readonly pin: string; readonly label: string },
): void {
  try {
    module.C_Login(session, pkcs11.CKU_USER, pin);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'CKR_USER_ALREADY_LOGGED_IN') return;
    if (code === 'CKR_PIN_LOCKED') throw new FaultError('pin', lockedText(label));
    if (/CKR_PIN_(INCORRECT|INVALID|LEN_RANGE|EXPIRED)|CKR_USER_PIN_NOT_INITIALIZED/.test(code))
      throw new FaultError(
        'pin',
        `the token '${label}' refuses the PIN (${code}): correct it. It is not tried again, because a token locks itself after some wrong PINs`,
      );
    throw lost(`the token '${label}' refuses the login`, error);
  }
}
