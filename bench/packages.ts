import { concat, readAt, tlv } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { iccidOf } from './seed.ts';

/** Builds profile package i of about `bytes` bytes: the package of its parameters with one more element. */
export function packageOf(i: number, bytes: number): Uint8Array {
  const keys = { ki: systemRandom(16), opc: systemRandom(16) };
  const input = { iccid: iccidOf(i), imsi: `00101${String(i).padStart(10, '0')}`, ...keys };
  const upp = buildProfilePackage(completeParameters(input, systemRandom));
  const end = lastElement(upp);
  const filler = tlv(0xae, tlv(0x04, systemRandom(Math.max(0, bytes - upp.length - 8))));
  return concat(upp.subarray(0, end), filler, upp.subarray(end));
}

function lastElement(upp: Uint8Array): number {
  for (let offset = 0; ; ) {
    const { end } = readAt(upp, offset);
    if (end === upp.length) return offset;
    offset = end;
  }
}
