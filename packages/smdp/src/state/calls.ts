import { toHex } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';

/**
 * The calls of ES2+ that brought a Profile to where it is, so that a repeat is answered as the first time, also when the
 * state has moved on since. Each is known by a fingerprint of its request. DownloadOrder and CancelOrder take from the
 * stock and give back, so two equal requests are two orders unless the functionCallIdentifier (5.2.4) is the same too;
 * ConfirmOrder and ReleaseProfile say what the order has to be, so an equal request is the same call.
 */
export type Calls = {
  readonly downloadOrder?: CallFingerprint;
  readonly confirmOrder?: CallFingerprint;
  readonly releaseProfile?: CallFingerprint;
  readonly cancelOrder?: CallFingerprint;
};

export type CallFingerprint = string & { readonly brand: 'CallFingerprint' };

/** What was asked, in 128 bits; secrets go in hashed. */
export function fingerprint(...asked: readonly (string | number | boolean | undefined)[]): CallFingerprint {
  const text = JSON.stringify(asked.map((value) => value ?? null));
  return toHex(sha256(new TextEncoder().encode(text)).subarray(0, 16)) as CallFingerprint;
}
