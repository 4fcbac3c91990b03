import { concat, fromHex, integer, oidContent, tlv } from '@esim-rsp/codec';

/** How files are described in a package (TCA Profile Interoperability 8.3, ETSI TS 102 222 6.3). */

/** OIDs of the templates that packages are built from, as the contents of an OBJECT IDENTIFIER (annex A). */
export const templates = { mf: template(1), usim: template(4), optUsim: template(5) };

function template(last: number): Uint8Array {
  return oidContent(`2.23.143.1.2.${last}`);
}

/** `A0 { 80 mandated, 81 identification }`. */
export function peHeader(identification: number): Uint8Array {
  return tlv(0xa0, tlv(0x80), tlv(0x81, Uint8Array.of(identification)));
}

export type FileShape = {
  readonly fid: number;
  /** Octets of a transparent file. */
  readonly size?: number;
  /** A linear fixed file instead: `count` records of `length` octets; `start` is what each of them starts with. */
  readonly records?: { readonly length: number; readonly count: number; readonly start?: Uint8Array };
  /** The record of EF.ARR that controls access. */
  readonly rule: AccessRule;
  /** The EF.ARR with the rule: of the MF or of the ADF. */
  readonly arr: 0x2f06 | 0x6f06;
  /** Short file identifier; absent: none. */
  readonly sfi?: number;
};

/** A file under the tag of its place in the element; content that is absent is FF. */
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
  const writes = content === undefined ? recordStarts(records) : [tlv(0x83, content)];
  return tlv(tag, tlv(0xa1, ...members), ...writes);
}

/** fillFileContent for the start of each record, fillFileOffset over the rest of it. */
function recordStarts(records: FileShape['records']): readonly Uint8Array[] {
  if (records?.start === undefined) return [];
  const { length, count, start } = records;
  const rest = integer()
    .as('82')
    .write(length - start.length);
  return Array.from({ length: count }, () => concat(tlv(0x83, start), rest));
}

/** A directory under the tag of its place: its rule is in EF.ARR of the MF, `pins` are the key references of its PINs. */
export function directory(tag: number, pins: Uint8Array, ...identity: Uint8Array[]): Uint8Array {
  const rule = concat(two(0x2f06), Uint8Array.of(accessRules.directory));
  return tlv(tag, tlv(0xa1, ...identity, tlv(0x8b, rule), tlv(0xc6, pins)));
}

export function two(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 0xff);
}

export function ff(count: number): Uint8Array {
  return new Uint8Array(count).fill(0xff);
}

/** Records of EF.ARR (ETSI TS 102 221 9.2.7): who may read, and who may update; ADM1 may do the rest. */
export const accessRules = {
  directory: 1,
  readAlways: 2,
  readPin1: 3,
  updatePin1: 4,
  updatePin2: 5,
  /** Everybody reads, PIN1 updates. */
  publicUpdatePin1: 6,
  /** Reading is always allowed, updating never. */
  readOnly: 7,
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
  `8001019000800102${PIN1}800158${ADM1}`,
  `8001019000800118${ADM1}`,
].map((rule) => {
  const record = ff(RULE_LENGTH);
  record.set(fromHex(rule));
  return record;
});

/** EF.ARR of the MF (2F06) or of an ADF (6F06), with the SFI that TS 102 221 13.4 and TS 31.102 4.2 give it. */
export function ruleFile(tag: number, fid: 0x2f06 | 0x6f06): Uint8Array {
  const shape = {
    fid,
    arr: fid,
    rule: accessRules.readAlways,
    sfi: fid === 0x2f06 ? 0x06 : 0x17,
    records: { length: RULE_LENGTH, count: ruleRecords.length },
  };
  return file(tag, shape, concat(...ruleRecords));
}
