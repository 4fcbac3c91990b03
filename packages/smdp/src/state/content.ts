import type { SessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';

/** The Profile's package as it was provided, or what it is built from. */
export type PlainContent = { readonly package: Uint8Array } | { readonly parameters: ProfileParameters };

/** Another SM-DP+ has the package: what is known of the Profile here. It is not stored as content. */
export type AtUpstream = {
  readonly atUpstream: {
    /** The name of the upstream. */
    readonly name: string;
    readonly iccid: Iccid;
    readonly imsi?: string;
    readonly msisdn?: string;
  };
};

/** A package that was protected when it was stocked: `unprotectWithPpk` gives it back. */
export type ProtectedPackage = { readonly ppk: SessionKeys; readonly sequenceOf86: Uint8Array };

export type ProfileContent = PlainContent | ProtectedPackage;

/** A finished package holds keys, so it has no printable form. */
export function packageContent(upp: Uint8Array): PlainContent {
  return makeUnprintable('ProfilePackage', { package: upp });
}
