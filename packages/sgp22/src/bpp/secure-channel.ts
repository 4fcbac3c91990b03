import { type Der, encode, equal, readOne, tlv } from '@esim-rsp/codec';
import {
  ControlRefTemplate,
  INSTALL_BOUND_PROFILE_PACKAGE,
  type InitialiseSecureChannelRequest,
} from '../asn1/bound-profile-package.ts';
import { PublicKey, Signature, TransactionId } from '../asn1/common.ts';
import type { SigningKey, VerifyingKey } from '../crypto/ecdsa.ts';
import { BppFailure } from './failure.ts';
import { KEY_LENGTH, KEY_TYPE_AES } from './session-keys.ts';

const INITIALISE_SECURE_CHANNEL = 0xbf23;
const REMOTE_OP_ID = 0x82;
const SMDP_SIGN = 0x5f37;

const Transaction = TransactionId.as('80');
const ControlReference = ControlRefTemplate.as('A6');

/**
 * Builds InitialiseSecureChannel (5.5.1), signed with the key of CERT.DPpb. The signature covers the four objects before it
 * and otPK.EUICC, which is not sent because the eUICC has it.
 */
export async function initialiseSecureChannel(channel: {
  readonly transactionId: Uint8Array;
  readonly hostId: Uint8Array;
  readonly smdpOtpk: Uint8Array;
  readonly euiccOtpk: Uint8Array;
  readonly dpPb: SigningKey;
}): Promise<Uint8Array> {
  const objects = [
    tlv(REMOTE_OP_ID, Uint8Array.of(INSTALL_BOUND_PROFILE_PACKAGE)),
    encode(Transaction, channel.transactionId),
    encode(ControlReference, {
      keyType: Uint8Array.of(KEY_TYPE_AES),
      keyLen: Uint8Array.of(KEY_LENGTH),
      hostId: channel.hostId,
    }),
    encode(PublicKey, channel.smdpOtpk),
  ];
  const smdpSign = await channel.dpPb.sign(...objects, encode(PublicKey, channel.euiccOtpk));
  return tlv(INITIALISE_SECURE_CHANNEL, ...objects, encode(Signature, smdpSign));
}

/** Verifies InitialiseSecureChannel as an eUICC does (5.5.1), in the order of the specification. Throws a BppFailure. */
export function verifySecureChannel(
  { value, bytes }: Der<InitialiseSecureChannelRequest>,
  session: {
    readonly transactionId: Uint8Array;
    readonly euiccOtpk: Uint8Array;
    readonly dpPb: VerifyingKey;
  },
): void {
  const fail = (reason: ConstructorParameters<typeof BppFailure>[1], explanation: string) =>
    new BppFailure('initialiseSecureChannel', reason, explanation);
  const { keyType, keyLen } = value.controlRefTemplate.value;
  if (value.remoteOpId !== INSTALL_BOUND_PROFILE_PACKAGE)
    throw fail('unsupportedRemoteOperationType', `remoteOpId ${value.remoteOpId} is not supported`);
  if (!equal(value.transactionId, session.transactionId))
    throw fail('invalidTransactionId', 'the transactionId differs from that of the session');
  if (keyType[0] !== KEY_TYPE_AES || keyLen[0] !== KEY_LENGTH)
    throw fail('unsupportedCrtValues', 'the control reference template does not specify AES-128');
  const euiccOtpk = encode(PublicKey, session.euiccOtpk);
  if (!session.dpPb.verify(value.smdpSign, bytesBeforeSignature(bytes), euiccOtpk))
    throw fail('invalidSignature', 'smdpSign does not verify with the key of CERT.DPpb');
}

/** The received octets before the signature, which it covers. */
function bytesBeforeSignature(request: Uint8Array): Uint8Array {
  const outer = readOne(request);
  const signature = outer.children().find(({ tag }) => tag === SMDP_SIGN);
  return request.subarray(outer.contentStart, signature?.start);
}
