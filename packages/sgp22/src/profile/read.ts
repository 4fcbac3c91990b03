import { DerError, endAt, type Header, readAt, readHeaderWithin, type Tlv } from '@esim-rsp/codec';
import { type Iccid, iccidFromBcd, iccidFromSwappedBcd } from '../value/iccid.ts';
import { ValueError } from '../value/value-error.ts';
import { elementNames } from './elements.ts';
import { fileContent, firstRecord } from './file.ts';
import { imsiFromFile, phoneNumberFromRecord, serviceProviderNameFromFile } from './usim-files.ts';

/** What is wrong with a profile package, and where. */
export class ProfilePackageError extends Error {
  override readonly name = 'ProfilePackageError';
}

export type ProfileElement = {
  readonly tag: number;
  readonly name: string;
  /** Unique in the package; the header has none. */
  readonly identification?: number;
};

export type ProfileHeader = {
  readonly majorVersion: number;
  readonly minorVersion: number;
  /** The human name of the package. */
  readonly profileType?: string;
  readonly iccid: Iccid;
  /** Tags of eUICC-Mandatory-services. */
  readonly mandatoryServices: readonly number[];
};

export type ProfilePackage = {
  readonly header: ProfileHeader;
  readonly iccid: Iccid;
  readonly imsi?: string;
  /** From EF.SPN of the USIM. */
  readonly serviceProviderName?: string;
  /** From EF.MSISDN of the USIM. */
  readonly msisdn?: string;
  readonly elements: readonly ProfileElement[];
};

/** The largest package that is read: cards have a few hundred kilobytes. */
export const MAX_PACKAGE = 1_048_576;
const MAX_DEPTH = 16;
/** Real packages have some hundred elements, and some thousand values in them. */
const MAX_ELEMENTS = 5000;
const MAX_VALUES = 100_000;

type Element = ProfileElement & { readonly tlv: Tlv };

/** Reads an unprotected profile package (TCA Profile Interoperability 8); throws a ProfilePackageError and nothing else. */
export function readProfilePackage(upp: Uint8Array): ProfilePackage {
  if (upp.length > MAX_PACKAGE)
    throw new ProfilePackageError(
      `the profile package has ${upp.length} bytes, at most ${MAX_PACKAGE} are read`,
    );
  const elements = elementsOf(upp);
  const [first] = elements;
  const last = elements.at(-1);
  if (first?.name !== 'header')
    throw new ProfilePackageError('the profile package does not start with a header (A0)');
  if (last?.name !== 'end')
    throw new ProfilePackageError("the profile package does not close with 'end' (AA)");
  mustBeUnique(elements);
  const header = at(first, 0, () => headerOf(first.tlv));
  const mf = elements.find(({ name }) => name === 'mf');
  if (mf !== undefined) at(mf, elements.indexOf(mf), () => mustAgree(mf.tlv, header.iccid));
  const usim = elements.find(({ name }) => name === 'usim');
  const identity = usim === undefined ? {} : at(usim, elements.indexOf(usim), () => identityOf(usim.tlv));
  const optUsim = elements.find(({ name }) => name === 'opt-usim');
  const msisdn = optUsim && at(optUsim, elements.indexOf(optUsim), () => msisdnOf(optUsim.tlv));
  return {
    header,
    iccid: header.iccid,
    ...identity,
    ...(msisdn !== undefined && { msisdn }),
    elements: elements.map(({ tag, name, identification }) =>
      identification === undefined ? { tag, name } : { tag, name, identification },
    ),
  };
}

/** Names the profile element in which something could not be read. */
function at<T>({ name }: Element, index: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError || error instanceof ValueError)
      throw new ProfilePackageError(`profile element ${index + 1} (${name}): ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

function elementsOf(upp: Uint8Array): Element[] {
  const elements: Element[] = [];
  const values: Count = { left: MAX_VALUES };
  for (let offset = 0; offset < upp.length; ) {
    if (elements.length === MAX_ELEMENTS)
      throw new ProfilePackageError(`the profile package has more than ${MAX_ELEMENTS} elements`);
    const tlv = elementAt(upp, offset, elements.length, values);
    const name = elementNames[tlv.tag] ?? 'unknown';
    const element = { tag: tlv.tag, name, tlv };
    const identification =
      name === 'header' ? undefined : at(element, elements.length, () => identificationOf(tlv));
    elements.push(identification === undefined ? element : { ...element, identification });
    offset = tlv.end;
  }
  return elements;
}

function elementAt(upp: Uint8Array, offset: number, index: number, values: Count): Tlv {
  try {
    const tlv = readAt(upp, offset);
    if (!tlv.constructed) throw new DerError('it is not constructed');
    mustBeWellFormed(upp, tlv, MAX_DEPTH, values);
    return tlv;
  } catch (error) {
    if (error instanceof DerError)
      throw new ProfilePackageError(`profile element ${index + 1} at offset ${offset}: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

/** How many values may still be read. */
type Count = { left: number };

/** Level by level, without keeping anything: most of a package is read here only. */
function mustBeWellFormed(
  upp: Uint8Array,
  { contentStart, end }: Header,
  depth: number,
  values: Count,
): void {
  if (depth === 0) throw new DerError(`it is nested more than ${MAX_DEPTH} levels deep`);
  let hasConstructed = false;
  for (let offset = contentStart; offset < end; values.left--) {
    if (values.left === 0) throw new DerError(`there are more than ${MAX_VALUES} values`);
    hasConstructed ||= isConstructed(upp, offset);
    offset = endAt(upp, offset, end);
  }
  if (!hasConstructed) return;
  for (let offset = contentStart; offset < end; ) {
    if (isConstructed(upp, offset)) {
      const child = readHeaderWithin(upp, offset, end);
      mustBeWellFormed(upp, child, depth - 1, values);
      offset = child.end;
    } else offset = endAt(upp, offset, end);
  }
}

function isConstructed(upp: Uint8Array, offset: number): boolean {
  return ((upp[offset] as number) & 0x20) !== 0;
}

/** PE header: `A0 { 80 mandated?, 81 identification }` as the first member. */
function identificationOf(element: Tlv): number | undefined {
  const { content } = element;
  const identification = content[0] === 0xa0 ? readAt(content, 0).child(0x81) : undefined;
  return identification === undefined ? undefined : numberIn(identification);
}

function mustBeUnique(elements: readonly Element[]): void {
  const seen = new Set<number>();
  for (const [index, { identification, name }] of elements.entries()) {
    if (identification === undefined) continue;
    if (seen.has(identification))
      throw new ProfilePackageError(
        `profile element ${index + 1} (${name}): identification ${identification} was used before`,
      );
    seen.add(identification);
  }
}

function numberIn({ content }: Tlv): number {
  if (content.length === 0 || content.length > 4) throw new ValueError('a number has one to four octets');
  return content.reduce((sum, octet) => sum * 256 + octet, 0);
}

const utf8 = new TextDecoder();

function headerOf(header: Tlv): ProfileHeader {
  const member = (tag: number, name: string): Tlv => {
    const found = header.child(tag);
    if (found === undefined) throw new ValueError(`${name} is missing`);
    return found;
  };
  const services = header.child(0xa5);
  const profileType = header.child(0x82);
  return {
    majorVersion: numberIn(member(0x80, 'major-version')),
    minorVersion: numberIn(member(0x81, 'minor-version')),
    ...(profileType !== undefined && { profileType: utf8.decode(profileType.content) }),
    iccid: iccidFromBcd(member(0x83, 'iccid').content),
    mandatoryServices: (services?.children() ?? []).map(({ tag }) => tag),
  };
}

/** EF.ICCID, where it is written out, says the same as the header. */
function mustAgree(mf: Tlv, iccid: Iccid): void {
  const file = mf.child(0xa4);
  const content = file === undefined ? new Uint8Array() : fileContent(file);
  if (content.length === 0 || content.every((octet) => octet === 0xff)) return;
  const inFile = iccidFromSwappedBcd(content.subarray(0, 10));
  if (inFile !== iccid) throw new ValueError(`EF.ICCID says ${inFile}, the header ${iccid}`);
}

function identityOf(usim: Tlv): { readonly imsi?: string; readonly serviceProviderName?: string } {
  const content = (tag: number): Uint8Array => {
    const file = usim.child(tag);
    return file === undefined ? new Uint8Array() : fileContent(file);
  };
  const imsi = imsiFromFile(content(0xa3));
  const serviceProviderName = serviceProviderNameFromFile(content(0xad));
  return {
    ...(imsi !== undefined && { imsi }),
    ...(serviceProviderName !== undefined && { serviceProviderName }),
  };
}

function msisdnOf(optUsim: Tlv): string | undefined {
  const file = optUsim.child(0xa7);
  return file && phoneNumberFromRecord(firstRecord(file));
}
