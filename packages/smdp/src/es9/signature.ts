import { type Der, encodeWithBytes } from '@esim-rsp/codec';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import type { VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { Credential } from '../env.ts';

/** Signs the bytes of values as they are sent, one after another (SGP.22 2.6.7.2); the result is a 5F37 data object. */
export async function sign({ key }: Credential, ...signed: Der<unknown>[]): Promise<Der<Uint8Array>> {
  return encodeWithBytes(Signature, await key.sign(...signed.map(({ bytes }) => bytes)));
}

/** Checks a 5F37 data object over the bytes as they were received. */
export function verify(
  key: VerifyingKey,
  signature: Der<Uint8Array>,
  ...signed: { readonly bytes: Uint8Array }[]
): boolean {
  return key.verify(signature.value, ...signed.map(({ bytes }) => bytes));
}
