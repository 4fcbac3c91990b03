import { Fault, hex } from './tlv.ts';

/** Codings of values in files, for the second decoder. */

/** Nibble-swapped digits with F behind them. */
export function swapped(octets: Uint8Array): string {
  const digits = hex(octets).replace(/(.)(.)/g, '$2$1');
  const found = /^(\d*)f*$/.exec(digits);
  if (found === null) throw new Fault(`${digits} are not digits that end with F`);
  return found[1] as string;
}

/** EF.IMSI (TS 31.102 4.2.2, TS 24.008 10.5.1.4). */
export function imsiIn(octets: Uint8Array): string {
  const [length = 0, first = 0] = octets;
  if (length < 1 || length > 8) throw new Fault('EF.IMSI has a wrong length octet');
  const digits = hex(octets.subarray(1, 1 + length)).replace(/(.)(.)/g, '$2$1');
  const odd = (first & 8) !== 0;
  if ((first & 7) !== 1) throw new Fault('EF.IMSI does not say that it is an IMSI');
  const imsi = digits.slice(1, odd ? undefined : -1);
  if (!/^\d{6,15}$/.test(imsi) || (imsi.length % 2 === 1) !== odd || (!odd && digits.at(-1) !== 'f'))
    throw new Fault('EF.IMSI has wrong digits or a wrong parity');
  if (octets.subarray(1 + length).some((octet) => octet !== 0xff))
    throw new Fault('EF.IMSI is not filled with FF');
  return imsi;
}

/** TS 23.038 6.2.1: the default alphabet, four rows of the table a line. */
const alphabet = Array.from(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ' +
    ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** TS 23.038 6.2.1.1: the extension table. */
const extension: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
};

/** Text in octets of the default alphabet. */
function gsm(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet > 0x7f) throw new Fault('a text has an octet outside the GSM alphabet');
    if (octet !== 0x1b) text += alphabet[octet];
    else {
      const extended = extension[octets[++i] as number];
      if (extended === undefined) throw new Fault('a text has an escape without a character');
      text += extended;
    }
  }
  return text;
}

function filled(octets: Uint8Array): void {
  if (octets.some((octet) => octet !== 0xff)) throw new Fault('a text is not filled with FF');
}

/** A text of a SIM (TS 102 221 annex A); '' where all is FF. */
export function textIn(octets: Uint8Array): string {
  const [scheme = 0xff, count = 0, third = 0, fourth = 0] = octets;
  if (scheme === 0xff) {
    filled(octets);
    return '';
  }
  if (scheme < 0x80) {
    const end = octets.indexOf(0xff);
    const text = end < 0 ? octets : octets.subarray(0, end);
    filled(octets.subarray(text.length));
    return gsm(text);
  }
  if (scheme === 0x80) {
    let text = '';
    let at = 1;
    for (; at + 1 < octets.length; at += 2) {
      const unit = (octets[at] as number) * 256 + (octets[at + 1] as number);
      if (unit === 0xffff) break;
      if (unit >= 0xd800 && unit <= 0xdfff)
        throw new Fault('a text has half a surrogate pair: UCS2 has none');
      text += String.fromCharCode(unit);
    }
    filled(octets.subarray(at));
    return text;
  }
  if (scheme > 0x82) throw new Fault(`a text has coding ${scheme.toString(16)}, which nothing defines`);
  const start = scheme === 0x81 ? 3 : 4;
  const base = scheme === 0x81 ? third << 7 : third * 256 + fourth;
  const coded = octets.subarray(start, start + count);
  if (coded.length < count) throw new Fault('a text has fewer characters than it says');
  filled(octets.subarray(start + count));
  return Array.from(coded, (o) =>
    o < 0x80 ? gsm(Uint8Array.of(o)) : String.fromCharCode(base + o - 0x80),
  ).join('');
}

/** A dialling number: length, type, ten octets (TS 31.102 4.2.26; TS 24.008 10.5.4.7). '' where all is FF. */
export function numberIn(octets: Uint8Array): string {
  const [length = 0, type = 0] = octets;
  if (octets.every((octet) => octet === 0xff)) return '';
  if (length < 2 || length > 11) throw new Fault('a number has a wrong length octet');
  if (type !== 0x91 && type !== 0x81) throw new Fault(`a number has the type ${type.toString(16)}`);
  const digits = swapped(octets.subarray(2, 1 + length));
  if (octets.subarray(1 + length).some((octet) => octet !== 0xff))
    throw new Fault('a number is not filled with FF');
  return (type === 0x91 ? '+' : '') + digits;
}

/** A PLMN (TS 24.008 10.5.1.13); undefined where all is FF. */
export function plmnIn(octets: Uint8Array): string | undefined {
  if (octets.length !== 3) throw new Fault('a PLMN has three octets');
  if (octets.every((octet) => octet === 0xff)) return undefined;
  const [mcc2, mcc1, mnc3, mcc3, mnc2, mnc1] = hex(octets);
  const plmn = `${mcc1}${mcc2}${mcc3}${mnc1}${mnc2}${mnc3 === 'f' ? '' : mnc3}`;
  if (!/^\d{5,6}$/.test(plmn)) throw new Fault(`${plmn} is no PLMN`);
  return plmn;
}

/** Numbers of the services whose bits are set (TS 31.102 4.2.8). */
export function serviceNumbers(octets: Uint8Array): number[] {
  return Array.from({ length: octets.length * 8 }, (_, i) => i + 1).filter(
    (n) => ((octets[(n - 1) >> 3] as number) >> ((n - 1) & 7)) & 1,
  );
}
