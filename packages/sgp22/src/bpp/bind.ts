import { encode, tlv } from '@esim-rsp/codec';
import { ConfigureISDPRequest, ReplaceSessionKeysRequest } from '../asn1/bound-profile-package.ts';
import type { SigningKey } from '../crypto/ecdsa.ts';
import { computeSharedSecret, type OneTimeKey } from '../crypto/ecka.ts';
import type { Eid } from '../value/eid.ts';
import {
  type ProtectedTag,
  protect,
  protectPart,
  type Segment,
  splitIntoSegments,
  startProtection,
} from './protect.ts';
import { initialiseSecureChannel } from './secure-channel.ts';
import { deriveSessionKeys, type SessionKeys } from './session-keys.ts';

/** The protected parts of a Bound Profile Package, each a TLV (2.5.4). A retry with the same otPK.EUICC reuses them. */
export type ProtectedParts = {
  readonly firstSequenceOf87: Uint8Array;
  readonly sequenceOf88: Uint8Array;
  readonly secondSequenceOf87?: Uint8Array;
  readonly sequenceOf86: Uint8Array;
};

/** A profile to bind: the Unprotected Profile Package, or one that `protectWithPpk` has protected, with its keys. */
export type BindableProfile =
  | { readonly upp: Uint8Array }
  | { readonly ppk: SessionKeys; readonly sequenceOf86: Uint8Array };

/** Protects a profile package in advance (2.5.4.2). Returns a sequenceOf86 that can be sent to any eUICC. */
export function protectWithPpk(upp: Uint8Array, ppk: SessionKeys): Uint8Array {
  return protectPart(0xa3, startProtection(ppk), splitPart(0x86, upp));
}

/** Protects all parts after InitialiseSecureChannel (2.5.4) with the session keys, and the profile with its own keys if it has some. */
export function protectParts(binding: {
  readonly keys: SessionKeys;
  /** StoreMetadataRequest in DER: the bytes that ES9+.AuthenticateClient returned. */
  readonly metadata: Uint8Array;
  readonly profile: BindableProfile;
}): ProtectedParts {
  const { profile } = binding;
  const configure = splitPart(0x87, encode(ConfigureISDPRequest, {}));
  const store = splitPart(0x88, binding.metadata);
  const last =
    'upp' in profile ? splitPart(0x86, profile.upp) : splitPart(0x87, encodeReplaceSessionKeys(profile.ppk));
  const { tlvs } = protect(startProtection(binding.keys), [...configure, ...store, ...last]);
  const metadataEnd = configure.length + store.length;
  const common = {
    firstSequenceOf87: wrap(0xa0, tlvs.slice(0, configure.length)),
    sequenceOf88: wrap(0xa1, tlvs.slice(configure.length, metadataEnd)),
  };
  const rest = tlvs.slice(metadataEnd);
  return 'upp' in profile
    ? { ...common, sequenceOf86: wrap(0xa3, rest) }
    : { ...common, secondSequenceOf87: wrap(0xa2, rest), sequenceOf86: profile.sequenceOf86 };
}

/** Builds the TLV BF36 from a signed InitialiseSecureChannel and the protected parts. */
export function assembleBoundProfilePackage(
  initialiseSecureChannelRequest: Uint8Array,
  parts: ProtectedParts,
): Uint8Array {
  return tlv(
    0xbf36,
    initialiseSecureChannelRequest,
    parts.firstSequenceOf87,
    parts.sequenceOf88,
    parts.secondSequenceOf87 ?? new Uint8Array(),
    parts.sequenceOf86,
  );
}

/**
 * Binds a profile to one eUICC (2.5.4, 5.7.6). Throws a RangeError if otPK.EUICC is not on the curve of otSK.DP.
 * The same arguments give the same bytes, except for the signature.
 */
export async function bindProfile(binding: {
  readonly transactionId: Uint8Array;
  readonly hostId: Uint8Array;
  readonly eid: Eid;
  readonly oneTimeKey: OneTimeKey;
  readonly euiccOtpk: Uint8Array;
  readonly dpPb: SigningKey;
  readonly metadata: Uint8Array;
  readonly profile: BindableProfile;
}): Promise<Uint8Array> {
  const { hostId, eid, oneTimeKey, euiccOtpk, metadata, profile } = binding;
  const keys = deriveSessionKeys({ sharedSecret: computeSharedSecret(oneTimeKey, euiccOtpk), hostId, eid });
  const channel = await initialiseSecureChannel({ ...binding, smdpOtpk: oneTimeKey.otPk });
  return assembleBoundProfilePackage(channel, protectParts({ keys, metadata, profile }));
}

function splitPart(tag: ProtectedTag, data: Uint8Array): Segment[] {
  if (data.length === 0) throw new RangeError('a part of the package is empty');
  return splitIntoSegments(tag, data);
}

function encodeReplaceSessionKeys({ initialMacChainingValue, sEnc, sMac }: SessionKeys): Uint8Array {
  return encode(ReplaceSessionKeysRequest, { initialMacChainingValue, ppkEnc: sEnc, ppkCmac: sMac });
}

function wrap(tag: number, tlvs: readonly Uint8Array[]): Uint8Array {
  return tlv(tag, ...tlvs);
}
