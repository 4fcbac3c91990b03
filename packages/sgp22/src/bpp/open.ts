import {
  concat,
  type Der,
  DerError,
  decode,
  decodeWithBytes,
  type Header,
  readAt,
  readHeader,
} from '@esim-rsp/codec';
import { InitialiseSecureChannelRequest, ReplaceSessionKeysRequest } from '../asn1/bound-profile-package.ts';
import { BLOCK, cbcDecrypt, encryptBlocks } from '../crypto/aes.ts';
import { cmacChain } from '../crypto/cmac.ts';
import { sameSecret } from '../crypto/digest.ts';
import { BppFailure } from './failure.ts';
import {
  addCounter,
  isEncrypted,
  MAC_LENGTH,
  type ProtectedTag,
  type Protection,
  startProtection,
} from './protect.ts';
import { replacementKeys, type SessionKeys } from './session-keys.ts';

/** The protected commands, in the order of the package. */
export type ProtectedCommand =
  | 'configureISDP'
  | 'storeMetadata'
  | 'replaceSessionKeys'
  | 'loadProfileElements';

/** Per command: the tag of its part, the tag of the TLVs in it, and what may follow (2.5.4). */
const COMMANDS: Record<
  ProtectedCommand,
  { readonly part: number; readonly element: ProtectedTag; readonly next: readonly ProtectedCommand[] }
> = {
  configureISDP: { part: 0xa0, element: 0x87, next: ['storeMetadata'] },
  storeMetadata: { part: 0xa1, element: 0x88, next: ['replaceSessionKeys', 'loadProfileElements'] },
  replaceSessionKeys: { part: 0xa2, element: 0x87, next: ['loadProfileElements'] },
  loadProfileElements: { part: 0xa3, element: 0x86, next: [] },
};

/** Segments have at most 1020 octets (2.5.3); one more cipher block is accepted, because some servers do not count the padding. */
const MAX_RECEIVED = 1036;

/** The state of an eUICC while it receives a package. It is immutable: each step returns a new one. */
export type Opening = {
  readonly protection: Protection;
  /** Octets of BF36 still to come. */
  readonly remaining: number;
  /** The commands whose part may start now; empty inside a part. */
  readonly next: readonly ProtectedCommand[];
  /** The part that is being received. */
  readonly part?: {
    readonly command: ProtectedCommand;
    readonly remaining: number;
    readonly plaintexts: readonly Uint8Array[];
  };
};

/** A command that was received completely, decrypted. */
export type OpenedCommand = { readonly command: ProtectedCommand; readonly data: Uint8Array };

/** Reads the first segment (5.7.6): the header of BF36 and InitialiseSecureChannel. `remaining` octets follow it. */
export function readFirstSegment(segment: Uint8Array): {
  readonly request: Der<InitialiseSecureChannelRequest>;
  readonly remaining: number;
} {
  try {
    const outer = readHeader(segment, 0);
    if (outer.tag !== 0xbf36) throw new DerError('the package does not start with BF36');
    const request = decodeWithBytes(InitialiseSecureChannelRequest, segment.subarray(outer.contentStart));
    if (outer.end < segment.length) throw new DerError('the package ends before its first part');
    return { request, remaining: outer.end - segment.length };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new BppFailure('initialiseSecureChannel', 'incorrectInputValues', error.message, error);
  }
}

/** The state after InitialiseSecureChannel; `remaining` octets follow. */
export function startOpening(keys: SessionKeys, remaining: number): Opening {
  return { protection: startProtection(keys), remaining, next: ['configureISDP'] };
}

/** Reverses `protectWithPpk`: returns the profile package. Throws a BppFailure if a MAC is wrong. */
export function unprotectWithPpk(sequenceOf86: Uint8Array, ppk: SessionKeys): Uint8Array {
  const start = { ...startOpening(ppk, sequenceOf86.length), next: ['loadProfileElements'] as const };
  const [profile] = openSegment(start, sequenceOf86).commands;
  if (profile === undefined)
    throw new BppFailure('loadProfileElements', 'scp03tStructureError', 'the package is incomplete');
  return profile.data;
}

/** The tags that the next segment may start with; none when the package is complete. */
export function expectedTags({ part, next }: Opening): readonly number[] {
  return part ? [COMMANDS[part.command].element] : next.map((command) => COMMANDS[command].part);
}

/**
 * Opens one segment (2.5.3, 5.5): headers of parts and protected TLVs. Returns the new state and the commands that are now
 * complete. After ReplaceSessionKeys the new keys are used. Throws a BppFailure; the session must then end.
 */
export function openSegment(
  before: Opening,
  segment: Uint8Array,
): { readonly opening: Opening; readonly commands: readonly OpenedCommand[] } {
  const commands: OpenedCommand[] = [];
  let opening = before;
  for (let at = 0; at < segment.length; ) {
    const command = findCommand(opening, segment[at]);
    const progress = toBppFailure(command, () =>
      opening.part ? openElement(opening, segment, at) : openPart(opening, segment, at),
    );
    opening = progress.opening;
    at = progress.end;
    if (opening.part?.remaining === 0) {
      const complete = { command, data: concat(...opening.part.plaintexts) };
      commands.push(complete);
      opening = applyCommand(opening, complete);
    }
  }
  return { opening, commands };
}

/** The command that the next octets belong to; for wrong octets, the one that was expected. */
function findCommand({ part, next }: Opening, tag: number | undefined): ProtectedCommand {
  const started = next.find((command) => COMMANDS[command].part === tag);
  return part?.command ?? started ?? next[0] ?? 'loadProfileElements';
}

type Progress = { readonly opening: Opening; readonly end: number };

function openPart(opening: Opening, segment: Uint8Array, at: number): Progress {
  const found: Header = readHeader(segment, at);
  const command = opening.next.find((candidate) => COMMANDS[candidate].part === found.tag);
  if (command === undefined) throw new DerError('a part is missing, repeated or out of order');
  const remaining = opening.remaining - (found.end - at);
  const isLast = COMMANDS[command].next.length === 0;
  if (remaining < 0 || isLast !== (remaining === 0))
    throw new DerError('the lengths of the parts do not add up to that of the package');
  const length = found.end - found.contentStart;
  if (length === 0) throw new DerError('a part is empty');
  return {
    opening: {
      protection: opening.protection,
      remaining: opening.remaining - (found.contentStart - at),
      next: [],
      part: { command, remaining: length, plaintexts: [] },
    },
    end: found.contentStart,
  };
}

function openElement(opening: Opening, segment: Uint8Array, at: number): Progress {
  const { part } = opening;
  if (part === undefined) throw new DerError('no part is open');
  const found = readAt(segment, at);
  const length = found.end - at;
  if (found.tag !== COMMANDS[part.command].element) throw new DerError('a TLV belongs to another part');
  if (length > part.remaining || length > MAX_RECEIVED) throw new DerError('a TLV is too long');
  const { plaintext, protection } = unprotect(opening.protection, part.command, found.bytes, found.content);
  const plaintexts = [...part.plaintexts, plaintext];
  return {
    opening: {
      protection,
      remaining: opening.remaining - length,
      next: [],
      part: { command: part.command, remaining: part.remaining - length, plaintexts },
    },
    end: found.end,
  };
}

/** The state after a complete command. ReplaceSessionKeys sets new keys and MAC chaining value, and the counter to 1. */
function applyCommand({ protection, remaining }: Opening, { command, data }: OpenedCommand): Opening {
  const { next } = COMMANDS[command];
  if (command !== 'replaceSessionKeys') return { protection, remaining, next };
  try {
    return {
      protection: startProtection(replacementKeys(decode(ReplaceSessionKeysRequest, data))),
      remaining,
      next,
    };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new BppFailure(command, 'incorrectInputValues', error.message, error);
  }
}

/** Verifies the MAC of one TLV, then decrypts it (2.6.4.4). */
function unprotect(
  { keys, chain, counter }: Protection,
  command: ProtectedCommand,
  bytes: Uint8Array,
  content: Uint8Array,
): { readonly plaintext: Uint8Array; readonly protection: Protection } {
  if (content.length < MAC_LENGTH) throw new DerError('a TLV is too short for its MAC');
  const [mac] = cmacChain(keys.sMac, chain, [bytes.subarray(0, -MAC_LENGTH)]) as [Uint8Array];
  if (!sameSecret(mac.subarray(0, MAC_LENGTH), content.subarray(-MAC_LENGTH)))
    throw new BppFailure(command, 'scp03tSecurityError', 'the MAC of a TLV is wrong');
  const data = content.subarray(0, -MAC_LENGTH);
  return {
    plaintext: isEncrypted(COMMANDS[command].element) ? decrypt(keys.sEnc, counter, data) : data,
    protection: { keys, chain: mac, counter: counter + 1 },
  };
}

function decrypt(sEnc: Uint8Array, counter: number, data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length % BLOCK !== 0) throw new DerError('a TLV does not hold whole blocks');
  const first = new Uint8Array(BLOCK);
  addCounter(first, counter);
  const padded = cbcDecrypt(sEnc, encryptBlocks(sEnc, first), data);
  const end = padded.lastIndexOf(0x80);
  const isPadding = end >= padded.length - BLOCK && padded.subarray(end + 1).every((octet) => octet === 0);
  if (!isPadding) throw new DerError('the padding of a TLV is wrong');
  return padded.subarray(0, end);
}

/** Converts a DerError to an scp03tStructureError of the command. */
function toBppFailure<T>(command: ProtectedCommand, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new BppFailure(command, 'scp03tStructureError', error.message, error);
  }
}
