import { swappedDigits } from '../value/bcd.ts';
import { ValueError } from '../value/value-error.ts';

/** EF.IMSI (3GPP TS 31.102 4.2.2): length, then nibble-swapped digits behind a type nibble. undefined: nothing is written. */
export function imsiFromFile(content: Uint8Array): string | undefined {
  const length = content[0];
  if (length === undefined || length === 0xff) return undefined;
  if (length < 1 || length > 8 || content.length < 1 + length)
    throw new ValueError('EF.IMSI does not hold an IMSI');
  const digits = swappedDigits(content.subarray(1, 1 + length));
  const imsi = digits.slice(1).replace(/f+$/, '');
  if (!/^\d{6,15}$/.test(imsi)) throw new ValueError('EF.IMSI does not hold an IMSI');
  return imsi;
}

/** The content of EF.IMSI: nine octets. */
export function imsiToFile(imsi: string): Uint8Array {
  const nibbles = (imsi.length % 2 === 1 ? '9' : '1') + imsi + (imsi.length % 2 === 1 ? '' : 'f');
  const content = new Uint8Array(9).fill(0xff);
  content[0] = nibbles.length / 2;
  for (let i = 0; i < nibbles.length / 2; i++)
    content[1 + i] = Number.parseInt(`${nibbles[2 * i + 1]}${nibbles[2 * i]}`, 16);
  return content;
}

/** GSM 7-bit default alphabet (3GPP TS 23.038 6.2.1), one character per octet as SIM files hold it. */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** EF.SPN (4.2.12): a display condition, then the name. undefined: nothing is written. */
export function serviceProviderNameFromFile(content: Uint8Array): string | undefined {
  const name = content.subarray(1);
  if (name.length === 0 || name[0] === 0xff) return undefined;
  if (name[0] === 0x80) return ucs2(name.subarray(1));
  const end = name.indexOf(0xff);
  const text = Array.from(end < 0 ? name : name.subarray(0, end), (octet) => GSM[octet] ?? '?').join('');
  return text === '' ? undefined : text;
}

function ucs2(octets: Uint8Array): string | undefined {
  let text = '';
  for (let i = 0; i + 1 < octets.length; i += 2) {
    const unit = (octets[i] as number) * 256 + (octets[i + 1] as number);
    if (unit === 0xffff) break;
    text += String.fromCharCode(unit);
  }
  return text === '' ? undefined : text;
}

/** The content of EF.SPN: seventeen octets. Throws a ValueError for a name that does not fit. */
export function serviceProviderNameToFile(name: string): Uint8Array {
  const content = new Uint8Array(17).fill(0xff);
  content[0] = 0x01; // show the name, also where the network's name is the home one's
  const codes = [...name].map((character) => GSM.indexOf(character));
  if (codes.every((code) => code >= 0)) {
    if (codes.length > 16)
      throw new ValueError('has at most 16 characters on a SIM', { field: 'serviceProviderName' });
    content.set(codes, 1);
    return content;
  }
  if (name.length > 7)
    throw new ValueError('outside the GSM alphabet has at most 7 characters', {
      field: 'serviceProviderName',
    });
  content[1] = 0x80;
  for (let i = 0; i < name.length; i++) {
    content[2 + 2 * i] = name.charCodeAt(i) >> 8;
    content[3 + 2 * i] = name.charCodeAt(i) & 0xff;
  }
  return content;
}
