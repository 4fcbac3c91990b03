import type { Place } from './tables.ts';
import { Fault, hex, hexTag, mustFollow, needed, one, type Tlv, tlvs } from './tlv.ts';

/** Files as the second decoder sees them: descriptors (Fcp, TS 102 222 6.3) and what is written into them. */

export type Kind = Place['kind'] | 'ber-tlv';

export type FileOnCard = {
  /** Identifiers from the MF on, as `7fd0/6f07`. */
  readonly path: string;
  readonly kind: Kind;
  readonly size: number;
  readonly recordLength?: number;
  readonly sfi?: number;
  /** The EF.ARR and its record that rule access. */
  readonly rule?: { readonly arr: string; readonly record: number };
  readonly content: Uint8Array;
  /** Of a DF: the key references of its PIN status template. */
  readonly pins?: readonly number[];
  /** Of an ADF. */
  readonly aid?: string;
};

/** Fcp, in the order of its ASN.1. */
const FCP = [0x82, 0x83, 0x84, 0x8a, 0x8b, 0x80, 0xc6, 0x88, 0xa5, 0xc7];

const kinds: Readonly<Record<number, Kind>> = {
  65: 'transparent',
  66: 'linear',
  70: 'cyclic',
  120: 'df',
  121: 'ber-tlv',
};

const numberOf = (octets: Uint8Array) => octets.reduce((sum, octet) => sum * 256 + octet, 0);

/** A file under `parent` from the members of its Fcp and from what is written behind it. */
export function fileFrom(
  fcp: readonly Tlv[],
  writes: readonly Tlv[],
  parent: string,
  place?: Place,
): FileOnCard {
  mustFollow(fcp, FCP, 'Fcp');
  const fid = fidOf(fcp, place);
  const path = fid === 0x3f00 ? '' : [parent, fid.toString(16).padStart(4, '0')].filter(Boolean).join('/');
  const descriptor = one(fcp, 0x82)?.content;
  const kind = kindOf(fcp, descriptor, place);
  const sfi = sfiOf(fcp, place);
  const rule = ruleOf(fcp);
  const shared = { path, kind, ...(sfi !== undefined && { sfi }), ...(rule && { rule }) };
  if (kind === 'df') return { ...shared, size: 0, content: new Uint8Array(), ...directoryOf(fcp) };
  const recordLength = kind === 'linear' || kind === 'cyclic' ? recordLengthOf(descriptor, place) : undefined;
  const size = sizeOf(fcp, place, recordLength, writes);
  const content = contentOf(fcp, writes, size, recordLength);
  return { ...shared, size, content, ...(recordLength !== undefined && { recordLength }) };
}

function fidOf(fcp: readonly Tlv[], place?: Place): number {
  const written = one(fcp, 0x83)?.content;
  if (written !== undefined && written.length !== 2) throw new Fault('a fileID has not two octets');
  const fid = written === undefined ? place?.fid : numberOf(written);
  if (fid === undefined) throw new Fault('a file has no fileID, and its place gives none');
  if (place !== undefined && place.kind !== 'df' && fid !== place.fid)
    throw new Fault(`${place.name} has the fileID ${fid.toString(16)}`);
  return fid;
}

function kindOf(fcp: readonly Tlv[], descriptor: Uint8Array | undefined, place?: Place): Kind {
  if (descriptor === undefined) return place?.kind ?? (one(fcp, 0xc6) ? 'df' : 'transparent');
  const kind = kinds[descriptor[0] as number];
  const length = kind === 'linear' || kind === 'cyclic' ? 4 : 2;
  if (kind === undefined || descriptor[1] !== 0x21 || descriptor.length !== length)
    throw new Fault(`a fileDescriptor is ${hex(descriptor)}`);
  if (place !== undefined && place.kind !== kind)
    throw new Fault(`${place.name} is ${kind}, not ${place.kind}`);
  return kind;
}

function recordLengthOf(descriptor: Uint8Array | undefined, place?: Place): number {
  const length = descriptor === undefined ? place?.octets : numberOf(descriptor.subarray(2));
  if (!length) throw new Fault('a file of records does not say how long they are');
  if (place?.octets !== undefined && length !== place.octets)
    throw new Fault(`${place.name} has records of ${length} octets, not ${place.octets}`);
  return length;
}

function sfiOf(fcp: readonly Tlv[], place?: Place): number | undefined {
  const written = one(fcp, 0x88)?.content;
  if (written === undefined) return place?.sfi;
  const sfi = written[0] === undefined ? undefined : written[0] >> 3;
  if (written.length > 1 || (written[0] ?? 0) & 7 || sfi === 0 || sfi === 31)
    throw new Fault(`a shortEFID is ${hex(written)}`);
  if (place?.sfi !== undefined && sfi !== place.sfi)
    throw new Fault(`${place.name} has ${sfi === undefined ? 'no SFI' : `the SFI ${sfi}`}, not ${place.sfi}`);
  return sfi;
}

function ruleOf(fcp: readonly Tlv[]): FileOnCard['rule'] {
  const reference = one(fcp, 0x8b)?.content;
  if (reference === undefined) return undefined;
  if (reference.length !== 3) throw new Fault(`securityAttributesReferenced is ${hex(reference)}`);
  return { arr: hex(reference.subarray(0, 2)), record: reference[2] as number };
}

/** PIN status template (TS 102 221 9.5.2): usage bits left out as profiles do, key references only. */
function directoryOf(fcp: readonly Tlv[]): Pick<FileOnCard, 'pins' | 'aid'> {
  const pins = one(fcp, 0xc6);
  const aid = one(fcp, 0x84)?.content;
  if (aid !== undefined && (aid.length < 5 || aid.length > 16))
    throw new Fault('an AID has not 5 to 16 octets');
  return { ...(pins && { pins: [...pins.content] }), ...(aid && { aid: hex(aid) }) };
}

function sizeOf(
  fcp: readonly Tlv[],
  place: Place | undefined,
  recordLength: number | undefined,
  writes: readonly Tlv[],
): number {
  const written = one(fcp, 0x80)?.content;
  if (
    written !== undefined &&
    (written.length < 1 || written.length > 3 || (written.length > 1 && written[0] === 0))
  )
    throw new Fault(`an efFileSize is ${hex(written)}`);
  const needs = writes.reduce(
    (sum, { tag, content }) => sum + (isOffset(tag) ? numberOf(content) : content.length),
    0,
  );
  const size = written === undefined ? (place?.octets ?? needs) : numberOf(written);
  const name = place?.name ?? 'a file';
  if (recordLength !== undefined && written !== undefined && size % recordLength !== 0)
    throw new Fault(`${name} has ${size} octets, no multiple of its records of ${recordLength}`);
  if (recordLength === undefined && place?.octets !== undefined && size !== place.octets)
    throw new Fault(`${name} has ${size} octets, not ${place.octets}`);
  if (size === 0 && written !== undefined) throw new Fault(`${name} is empty`);
  return recordLength === undefined || written !== undefined
    ? size
    : Math.ceil(needs / recordLength) * recordLength;
}

const isOffset = (tag: number) => tag === 0x82 || tag === 0x02;

function contentOf(
  fcp: readonly Tlv[],
  writes: readonly Tlv[],
  size: number,
  recordLength?: number,
): Uint8Array {
  const content = new Uint8Array(size).fill(0xff);
  const special = tlvs(one(fcp, 0xa5)?.content ?? new Uint8Array());
  mustFollow(special, [0xc0, 0xc1, 0xc2, 0x86, 0x84], 'proprietaryEFInfo');
  const fill = one(special, 0xc1)?.content;
  const repeat = one(special, 0xc2)?.content;
  for (let i = 0; i < size; i++) {
    const at = recordLength === undefined ? i : i % recordLength;
    if (fill !== undefined) content[i] = fill[Math.min(at, fill.length - 1)] as number;
    if (repeat !== undefined) content[i] = repeat[at % repeat.length] as number;
  }
  let position = 0;
  for (const { tag, content: octets } of writes) {
    if (isOffset(tag)) position += numberOf(octets);
    else {
      if (position + octets.length > size)
        throw new Fault(`${octets.length} octets are written at ${position} of ${size}`);
      content.set(octets, position);
      position += octets.length;
    }
  }
  return content;
}

/** A member of a template element: SEQUENCE OF CHOICE of doNotCreate, descriptor, offset and content. */
export function templateFile(member: Tlv, parent: string, place?: Place): FileOnCard | undefined {
  const parts = tlvs(member.content);
  if (parts.some(({ tag }) => tag === 0x80)) return undefined;
  const unknown = parts.find(({ tag }) => ![0xa1, 0x82, 0x83].includes(tag));
  if (unknown !== undefined) throw new Fault(`a file has a part ${hexTag(unknown.tag)}`);
  if (parts.slice(1).some(({ tag }) => tag === 0xa1)) throw new Fault('a descriptor is not the first part');
  const [descriptor] = parts;
  const fcp = descriptor?.tag === 0xa1 ? tlvs(descriptor.content) : [];
  return fileFrom(fcp, descriptor?.tag === 0xa1 ? parts.slice(1) : parts, parent, place);
}

/** The files of a genericFileManagement element: paths are selected, files created and written. */
export function managedFiles(element: readonly Tlv[]): FileOnCard[] {
  const files: FileOnCard[] = [];
  for (const commands of tlvs(needed(element, 0xa1, 'fileManagementCMD').content)) {
    if (commands.tag !== 0x30) throw new Fault('fileManagementCMD holds something else than commands');
    const list = tlvs(commands.content);
    let parent = '';
    for (const [i, { tag, content }] of list.entries()) {
      if (tag === 0x80) parent = hex(content).replace(/(....)(?=.)/g, '$1/');
      else if (tag === 0x62) {
        const after = list.slice(i + 1);
        const end = after.findIndex((next) => next.tag === 0x80 || next.tag === 0x62);
        const writes = (end < 0 ? after : after.slice(0, end)).map((each) =>
          each.tag === 0x81 ? { ...each, tag: 0x83 } : each,
        );
        files.push(fileFrom(tlvs(content), writes, parent));
      } else if (tag !== 0x81 && tag !== 0x02) throw new Fault(`a file management command is ${hexTag(tag)}`);
    }
  }
  return files;
}
