import { encode, tlv } from '@esim-rsp/codec';
import { PublicKey, Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  type ProtectedTag,
  type Protection,
  protect,
  splitIntoSegments,
  startProtection,
} from '@esim-rsp/sgp22/bpp/protect';
import { deriveSessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import type { LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { computeSharedSecret } from '@esim-rsp/sgp22/crypto/ecka';
import { EID } from './pki.harness.ts';
import type { TestProfile } from './profile.harness.ts';
import type { Binding } from './server.harness.ts';

/** What InitialiseSecureChannel says, signed whatever it is. */
export type ChannelWords = {
  readonly remoteOpId: number;
  readonly transactionId: Uint8Array;
  readonly keyType: number;
  readonly keyLen: number;
  readonly smdpOtpk: Uint8Array;
  /** The key that is signed at the end, without being sent. */
  readonly euiccOtpk: Uint8Array;
  readonly key: LocalSigningKey;
};

/** BF23 by hand, so that it can say what no SM-DP+ would. */
export function channel(
  binding: Binding,
  words: Pick<ChannelWords, 'key'> & Partial<ChannelWords>,
): Uint8Array {
  const { remoteOpId = 1, keyType = 0x88, keyLen = 0x10, transactionId = binding.transactionId } = words;
  const crt = [
    tlv(0x80, Uint8Array.of(keyType)),
    tlv(0x81, Uint8Array.of(keyLen)),
    tlv(0x84, binding.hostId),
  ];
  const objects = [
    tlv(0x82, Uint8Array.of(remoteOpId)),
    tlv(0x80, transactionId),
    tlv(0xa6, ...crt),
    encode(PublicKey, words.smdpOtpk ?? binding.oneTimeKey.otPk),
  ];
  const signature = words.key.sign(...objects, encode(PublicKey, words.euiccOtpk ?? binding.euiccOtpk));
  return tlv(0xbf23, ...objects, encode(Signature, signature));
}

/** The commands of a package in the clear. */
export type Commands = {
  readonly configureISDP: Uint8Array;
  readonly storeMetadata: Uint8Array;
  readonly replaceSessionKeys?: Uint8Array;
  readonly loadProfileElements: Uint8Array;
};

export function commandsOf({ metadata, upp }: TestProfile): Commands {
  return { configureISDP: tlv(0xbf24), storeMetadata: metadata.bytes, loadProfileElements: upp };
}

const PARTS: readonly (readonly [keyof Commands, part: number, element: ProtectedTag])[] = [
  ['configureISDP', 0xa0, 0x87],
  ['storeMetadata', 0xa1, 0x88],
  ['replaceSessionKeys', 0xa2, 0x87],
  ['loadProfileElements', 0xa3, 0x86],
];

export function protectionFor({ oneTimeKey, euiccOtpk, hostId }: Binding): Protection {
  const sharedSecret = computeSharedSecret(oneTimeKey, euiccOtpk);
  return startProtection(deriveSessionKeys({ sharedSecret, hostId, eid: EID }));
}

/** BF36 with every command protected under the session keys, whatever it says. */
export function packageOf(
  initialiseSecureChannel: Uint8Array,
  begin: Protection,
  commands: Commands,
): Uint8Array {
  let protection = begin;
  const parts = PARTS.map(([name, part, element]) => {
    const command = commands[name];
    if (command === undefined) return new Uint8Array();
    const made = protect(protection, splitIntoSegments(element, command));
    protection = made.protection;
    return tlv(part, ...made.tlvs);
  });
  return tlv(0xbf36, initialiseSecureChannel, ...parts);
}
