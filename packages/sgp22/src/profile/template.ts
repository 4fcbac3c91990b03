import { concat, fromHex, tlv } from '@esim-rsp/codec';

/** How files are described in a package (TCA Profile Interoperability 8.3, ETSI TS 102 222 6.3). */

/** `A0 { 80 mandated, 81 identification }`. */
export function peHeader(identification: number): Uint8Array {
  return tlv(0xa0, tlv(0x80), tlv(0x81, Uint8Array.of(identification)));
}

export type FileShape = {
  readonly fid: number;
  /** Octets of a transparent file. */
  readonly size?: number;
  /** A linear fixed file instead: records of so many octets. */
  readonly records?: { readonly length: number; readonly count: number };
  /** Which record of EF.ARR says who may do what. */
  readonly rule: AccessRule;
  /** The EF.ARR that holds the rule: of the MF or of the ADF. */
  readonly arr: 0x2f06 | 0x6f06;
  /** Short file identifier; absent: none. */
  readonly sfi?: number;
};

/** A file under the tag of its place in the element, with its content if it is not all FF. */
export function file(tag: number, shape: FileShape, content?: Uint8Array): Uint8Array {
  const { fid, size, records, rule, arr, sfi } = shape;
  const descriptor = records === undefined ? two(0x4121) : concat(two(0x4221), two(records.length));
  const octets = records === undefined ? (size ?? content?.length ?? 0) : records.length * records.count;
  const members = [
    tlv(0x82, descriptor),
    tlv(0x83, two(fid)),
    tlv(0x8b, two(arr), Uint8Array.of(rule)),
    tlv(0x80, octets > 0xff ? two(octets) : Uint8Array.of(octets)),
    tlv(0x88, sfi === undefined ? new Uint8Array() : Uint8Array.of(sfi << 3)),
  ];
  const descriptorTlv = tlv(0xa1, ...members);
  return content === undefined ? tlv(tag, descriptorTlv) : tlv(tag, descriptorTlv, tlv(0x83, content));
}

export function two(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 0xff);
}

/** Records of EF.ARR (ETSI TS 102 221 9.2.7): who may read, and who may update; ADM1 may do the rest. */
export const accessRules = {
  directory: 1,
  readAlways: 2,
  readPin1: 3,
  updatePin1: 4,
  updatePin2: 5,
  adm: 6,
} as const;
export type AccessRule = (typeof accessRules)[keyof typeof accessRules];

const ADM1 = 'a40683010a950108';
const PIN1 = 'a406830101950108';
const PIN2 = 'a406830181950108';
const RULE_LENGTH = 33;

const ruleRecords = [
  `80015b${ADM1}`,
  `800101900080015a${ADM1}`,
  `800101${PIN1}80015a${ADM1}`,
  `800103${PIN1}800158${ADM1}`,
  `800101${PIN1}800102${PIN2}800158${ADM1}`,
  `80015b${ADM1}`,
].map((rule) => {
  const record = new Uint8Array(RULE_LENGTH).fill(0xff);
  record.set(fromHex(rule));
  return record;
});

/** EF.ARR of the MF (2F06) or of an ADF (6F06). */
export function ruleFile(tag: number, fid: 0x2f06 | 0x6f06): Uint8Array {
  const shape = {
    fid,
    arr: fid,
    rule: accessRules.readAlways,
    records: { length: RULE_LENGTH, count: ruleRecords.length },
  };
  return file(tag, shape, concat(...ruleRecords));
}
