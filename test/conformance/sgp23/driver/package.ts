import assert from 'node:assert/strict';
import { decode, readAt } from '@esim-rsp/codec';
import { ConfigureISDPRequest, ReplaceSessionKeysRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { openSegment, readFirstSegment, startOpening } from '@esim-rsp/sgp22/bpp/open';
import { MAX_SEGMENT } from '@esim-rsp/sgp22/bpp/protect';
import { verifySecureChannel } from '@esim-rsp/sgp22/bpp/secure-channel';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { deriveSessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import type { VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { computeSharedSecret, type OneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { type ProfilePackage, readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import type { Eid } from '@esim-rsp/sgp22/value/eid';

/** The content of a Bound Profile Package, with all MACs and signatures verified. */
export type OpenedPackage = {
  readonly smdpOtpk: Uint8Array;
  /** StoreMetadataRequest, and its number of 88 TLVs. */
  readonly metadata: Uint8Array;
  readonly metadataTlvs: number;
  readonly profile: ProfilePackage;
  /** The PPK, if the profile was protected in advance. */
  readonly ppk?: ReplaceSessionKeysRequest;
};

/** Opens a package as the eUICC does (SGP.22 5.5, 5.7.6) and asserts the requirements of SGP.23 for ES8+. */
export function openPackage(
  boundProfilePackage: Uint8Array,
  session: {
    readonly transactionId: Uint8Array;
    readonly eid: Eid;
    readonly oneTimeKey: OneTimeKey;
    readonly dpPb: VerifyingKey;
  },
): OpenedPackage {
  const [first = assert.fail(), ...segments] = splitBoundProfilePackage(boundProfilePackage);
  const { request, remaining } = readFirstSegment(first);
  verifySecureChannel(request, { ...session, euiccOtpk: session.oneTimeKey.otPk });
  const { remoteOpId, controlRefTemplate, smdpOtpk } = request.value;
  const { keyType, keyLen, hostId } = controlRefTemplate.value;
  assert.deepEqual([remoteOpId, keyType[0], keyLen[0]], [1, 0x88, 0x10]);
  assert.ok(hostId.length >= 4 && hostId.length <= 16, 'hostId has 4 to 16 octets');
  assert.equal(smdpOtpk[0], 0x04, 'otPK.DP is an uncompressed point');

  const sharedSecret = computeSharedSecret(session.oneTimeKey, smdpOtpk);
  let opening = startOpening(deriveSessionKeys({ sharedSecret, hostId, eid: session.eid }), remaining);
  const commands = new Map<string, Uint8Array>();
  for (const segment of segments) {
    const opened = openSegment(opening, segment);
    opening = opened.opening;
    for (const { command, data } of opened.commands) commands.set(command, data);
  }
  assert.equal(opening.remaining, 0, 'the package is complete');
  const tlvs = segments.filter(([tag]) => tag === 0x86 || tag === 0x88);
  for (const tlv of tlvs) assert.ok(readAt(tlv, 0).end <= MAX_SEGMENT, 'a TLV has at most 1020 octets');

  const command = (name: string) => commands.get(name) ?? assert.fail(`${name} is missing`);
  const { dpProprietaryData } = decode(ConfigureISDPRequest, command('configureISDP'));
  assert.ok((dpProprietaryData?.length ?? 0) <= 128, 'dpProprietaryData has at most 128 octets');
  const replaced = commands.get('replaceSessionKeys');
  return {
    smdpOtpk,
    metadata: command('storeMetadata'),
    metadataTlvs: tlvs.filter(([tag]) => tag === 0x88).length,
    profile: readProfilePackage(command('loadProfileElements')),
    ...(replaced !== undefined && { ppk: decode(ReplaceSessionKeysRequest, replaced) }),
  };
}
