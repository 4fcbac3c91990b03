import { counterKdf } from '../../crypto/kdf.ts';
import { makeUnprintable } from '../../crypto/secret.ts';
import type { Algorithm } from '../parameter-fields.ts';
import { otaKeysFrom, type ProfileParameters } from '../parameters.ts';

export type SubscriptionSecrets = Pick<
  ProfileParameters,
  'ki' | 'opc' | 'pin1' | 'pin2' | 'puk1' | 'puk2' | 'adm1' | 'kic1' | 'kid1' | 'kik1'
>;

/** 16 octets from which the secrets of many subscriptions are derived. It has no printable form. */
export type MasterKey = { readonly key: Uint8Array };

export function masterKeyOf(key: Uint8Array): MasterKey {
  return makeUnprintable('MasterKey', { key });
}

/**
 * The secrets of one subscription, so that an HLR that has the master key can compute them:
 * KDF in counter mode with AES-CMAC (NIST SP 800-108), labelled by the name of the secret, with the digits of the IMSI
 * as context. Codes of digits are 8 octets of it as a number, of which the last decimal digits are taken.
 */
export function deriveSecrets(
  { key }: MasterKey,
  imsi: string,
  algorithm: Algorithm = 'milenage',
): SubscriptionSecrets {
  const octets = (label: string, length: number) => counterKdf(key, label, imsi, length);
  const digits = (label: string, count: number) => lastDigits(octets(label, 8), count);
  return makeUnprintable('SubscriptionSecrets', {
    ki: octets('K', 16),
    opc: octets('OPc', algorithm === 'tuak' ? 32 : 16),
    pin1: digits('PIN1', 4),
    pin2: digits('PIN2', 4),
    puk1: digits('PUK1', 8),
    puk2: digits('PUK2', 8),
    adm1: octets('ADM1', 8),
    ...otaKeysFrom(octets('SCP80', 48)),
  });
}

function lastDigits(octets: Uint8Array, count: number): string {
  const { buffer, byteOffset } = octets;
  return String(new DataView(buffer, byteOffset, 8).getBigUint64(0))
    .padStart(count, '0')
    .slice(-count);
}
