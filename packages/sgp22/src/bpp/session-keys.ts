import { concat } from '@esim-rsp/codec';
import type { ReplaceSessionKeysRequest } from '../asn1/bound-profile-package.ts';
import { x963Kdf } from '../crypto/kdf.ts';
import type { Random } from '../crypto/random.ts';
import { makeUnprintable } from '../crypto/secret.ts';
import { type Eid, eidToBytes } from '../value/eid.ts';

/** SCP03t keys: session keys, or the random keys of a profile that is protected in advance (PPK). Logs and JSON show none of them. */
export type SessionKeys = {
  readonly initialMacChainingValue: Uint8Array;
  readonly sEnc: Uint8Array;
  readonly sMac: Uint8Array;
};

/** AES in the CRT: the only key type and length of SGP.22 2.6.4.3. */
export const KEY_TYPE_AES = 0x88;
export const KEY_LENGTH = 16;

/** Session keys (2.6.4.3, annex G): X9.63 over the shared secret, the CRT and the EID as 16 octets of BCD. */
export function deriveSessionKeys(agreed: {
  readonly sharedSecret: Uint8Array;
  readonly hostId: Uint8Array;
  readonly eid: Eid;
}): SessionKeys {
  const { sharedSecret, hostId } = agreed;
  if (hostId.length < 1 || hostId.length > 16)
    throw new RangeError(`a hostId has 1 to 16 bytes, not ${hostId.length}`);
  const eid = eidToBytes(agreed.eid);
  const sharedInfo = concat(
    Uint8Array.of(KEY_TYPE_AES, KEY_LENGTH, hostId.length),
    hostId,
    Uint8Array.of(eid.length),
    eid,
  );
  return splitKeys(x963Kdf(sharedSecret, sharedInfo, 3 * KEY_LENGTH));
}

/** Generates the random keys of a profile that is protected in advance: PPK-ENC, PPK-MAC and the initial MAC chaining value (2.5.4.2). */
export function generatePpk(random: Random): SessionKeys {
  return splitKeys(random(3 * KEY_LENGTH));
}

/** The PPK as 48 octets for the store: initial MAC chaining value, PPK-ENC, PPK-MAC. */
export function ppkToBytes({ initialMacChainingValue, sEnc, sMac }: SessionKeys): Uint8Array {
  return concat(initialMacChainingValue, sEnc, sMac);
}
export function ppkFromBytes(stored: Uint8Array): SessionKeys {
  if (stored.length !== 3 * KEY_LENGTH) throw new RangeError(`a PPK has 48 bytes, not ${stored.length}`);
  return splitKeys(stored);
}

/** The keys that ReplaceSessionKeys carries (5.5.4). */
export function replacementKeys(request: ReplaceSessionKeysRequest): SessionKeys {
  const { initialMacChainingValue, ppkEnc, ppkCmac } = request;
  return makeUnprintable('SessionKeys', { initialMacChainingValue, sEnc: ppkEnc, sMac: ppkCmac });
}

/** Three values of 16 octets in the order in which they are derived. */
function splitKeys(material: Uint8Array): SessionKeys {
  return makeUnprintable('SessionKeys', {
    initialMacChainingValue: material.slice(0, 16),
    sEnc: material.slice(16, 32),
    sMac: material.slice(32, 48),
  });
}
