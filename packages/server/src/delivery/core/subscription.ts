import { toHex } from '@esim-rsp/codec';
import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import { mncLengthOf } from '@esim-rsp/sgp22/profile/mnc-length';
import type { Algorithm } from '@esim-rsp/sgp22/profile/parameter-fields';
import { type AkaKeys, readAkaKeys } from '@esim-rsp/sgp22/profile/read-aka';
import type { ProfileContent } from '@esim-rsp/smdp/state/content';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { CoreNetwork } from '../../store/ports/gateway/core-networks.ts';

/** What a core network needs of a subscription. It has no printable form. */
export type Subscription = {
  readonly iccid: string;
  /** Digits. */
  readonly imsi: string;
  /** Digits, without +. */
  readonly msisdn?: string;
  readonly algorithm: Algorithm;
  /** K and OPc (TOPc), in small hexadecimal digits. */
  readonly k: string;
  readonly opc: string;
};

/** The subscription of a profile, from its package or its parameters. undefined: they have no keys that can be read. */
export function subscriptionOf(profile: Profile, content: ProfileContent): Subscription | undefined {
  const keys = keysIn(content);
  if (keys === undefined) return undefined;
  const { iccid, imsi, msisdn } = profile;
  return makeUnprintable('Subscription', {
    iccid,
    imsi,
    ...(msisdn !== undefined && { msisdn: msisdn.replace('+', '') }),
    algorithm: keys.algorithm,
    k: toHex(keys.k).toLowerCase(),
    opc: toHex(keys.opc).toLowerCase(),
  });
}

function keysIn(content: ProfileContent): AkaKeys | undefined {
  if ('parameters' in content) {
    const { algorithm, ki, opc } = content.parameters;
    return { algorithm, k: ki, opc };
  }
  return readAkaKeys(
    'package' in content ? content.package : unprotectWithPpk(content.sequenceOf86, content.ppk),
  );
}

/** MCC and MNC: those of the settings, or of the IMSI. undefined: the IMSI does not show where its MNC ends. */
export function plmnOf({ settings }: CoreNetwork, imsi: string): string | undefined {
  if (settings.plmn !== undefined) return settings.plmn;
  try {
    return imsi.slice(0, 3 + mncLengthOf(imsi));
  } catch {
    return undefined;
  }
}

/** Why a core network that knows Milenage only cannot take a subscription; undefined: it can. */
export function needsMilenage({ algorithm }: Subscription): string | undefined {
  return algorithm === 'milenage' ? undefined : 'this kind of core network knows Milenage only';
}

/** A sequence number as 12 hexadecimal digits. */
export function sqnDigits(sqn: number): string {
  return sqn.toString(16).padStart(12, '0');
}
