import { imsiIn, numberIn, plmnIn, serviceNumbers, swapped, textIn } from './codings.ts';
import {
  type Aka,
  akaIn,
  type Pin,
  type Puk,
  pinsIn,
  puksIn,
  type RemoteFileManagement,
  rfmIn,
  type SecurityDomain,
  securityDomainIn,
} from './credentials.ts';
import { type FileOnCard, managedFiles, templateFile } from './files.ts';
import { elements as elementTable, places, services } from './tables.ts';
import { Fault, hex, hexTag, integerIn, mustFollow, needed, one, type Tlv, tlvs } from './tlv.ts';

/**
 * A second decoder of profile packages (TCA Profile Interoperability; knowledge of the files from ETSI TS 102 221 and
 * 3GPP TS 31.102). It is written from the specifications and imports nothing of packages/: a mistake that builder and
 * reader of the product share is seen here. What it decodes `rules.ts` judges.
 */
export type Decoded = {
  readonly header: Header;
  readonly elements: readonly Element[];
  readonly files: ReadonlyMap<string, FileOnCard>;
  readonly pins: readonly (Pin & { readonly domain: string })[];
  readonly puks: readonly Puk[];
  readonly akas: readonly (Aka & { readonly domain: string })[];
  readonly securityDomains: readonly SecurityDomain[];
  readonly rfms: readonly RemoteFileManagement[];
};

export type Element = { readonly name: string; readonly template?: number; readonly identification?: number };

export type Header = {
  readonly version: string;
  readonly profileType: string;
  readonly iccid: string;
  readonly services: readonly string[];
  /** Last arcs of the templates, as 4 of 2.23.143.1.2.4. */
  readonly templates: readonly number[];
};

type Draft = {
  elements: Element[];
  files: Map<string, FileOnCard>;
  pins: (Pin & { domain: string })[];
  puks: Puk[];
  akas: (Aka & { domain: string })[];
  securityDomains: SecurityDomain[];
  rfms: RemoteFileManagement[];
  /** Where elements without a directory of their own belong to: '' for the MF, or the path of the latest ADF. */
  domain: string;
};

/** Decodes a package; throws a Fault that names the element. */
export function decodeProfile(upp: Uint8Array): Decoded {
  const [first, ...rest] = tlvs(upp);
  if (first?.tag !== 0xa0) throw new Fault('the package does not start with a header');
  const header = inElement(0, 'header', () => headerIn(tlvs(first.content)));
  const draft: Draft = {
    elements: [{ name: 'header' }],
    files: new Map(),
    pins: [],
    puks: [],
    akas: [],
    securityDomains: [],
    rfms: [],
    domain: '',
  };
  for (const [i, element] of rest.entries()) {
    const [name] = elementTable[element.tag] ?? [`unknown ${hexTag(element.tag)}`];
    inElement(i + 1, name, () => addElement(draft, element));
  }
  const { domain: _, ...decoded } = draft;
  return { header, ...decoded };
}

function inElement<T>(index: number, name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) throw new Fault(`element ${index + 1} (${name}): ${error.message}`);
    throw error;
  }
}

function headerIn(members: readonly Tlv[]): Header {
  mustFollow(members, [0x80, 0x81, 0x82, 0x83, 0x84, 0xa5, 0xa6, 0x87, 0xa8, 0xa9], 'ProfileHeader');
  const number = (tag: number, name: string) => integerIn(needed(members, tag, name));
  const iccid = needed(members, 0x83, 'iccid').content;
  const digits = /^(\d{18,20})f*$/.exec(hex(iccid));
  if (iccid.length !== 10 || digits === null) throw new Fault(`iccid is ${hex(iccid)}`);
  const listed = tlvs(needed(members, 0xa5, 'eUICC-Mandatory-services').content);
  const type = one(members, 0x82);
  return {
    version: `${number(0x80, 'major-version')}.${number(0x81, 'minor-version')}`,
    profileType: type ? utf8In(type.content) : '',
    iccid: digits[1] as string,
    services: listed.map(({ tag, content }) => {
      const name = services[tag];
      if (name === undefined || content.length > 0) throw new Fault(`a mandatory service is ${hexTag(tag)}`);
      return name;
    }),
    templates: tlvs(needed(members, 0xa6, 'eUICC-Mandatory-GFSTEList').content).map(({ tag, content }) => {
      if (tag !== 0x06) throw new Fault('eUICC-Mandatory-GFSTEList holds something else than OIDs');
      return templateIn(content);
    }),
  };
}

function utf8In(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    throw new Fault('profileType is no UTF-8');
  }
}

const ARC = '67810f0102'; // 2.23.143.1.2

function templateIn(oid: Uint8Array): number {
  if (!hex(oid).startsWith(ARC) || oid.length !== 6) throw new Fault(`${hex(oid)} is no template of TCA`);
  return oid[5] as number;
}

function addElement(draft: Draft, element: Tlv): void {
  const known = elementTable[element.tag];
  if (known === undefined) throw new Fault('no profile element has this tag');
  const [name, template] = known;
  const members = tlvs(element.content);
  const peHeader = tlvs(
    element.tag === 0xa8 ? new Uint8Array() : needed(members.slice(0, 1), 0xa0, 'PE header').content,
  );
  mustFollow(peHeader, [0x80, 0x81], 'PEHeader');
  if ((one(peHeader, 0x80)?.content.length ?? 0) > 0) throw new Fault('mandated is no NULL');
  const identification = integerIn(needed(peHeader, 0x81, 'identification'));
  if (draft.elements.some((other) => other.identification === identification))
    throw new Fault(`identification ${identification} was used before`);
  draft.elements.push({ name, identification, ...(template !== undefined && { template }) });
  if (template === undefined) addOther(draft, element.tag, members);
  else addTemplate(draft, name, template, members);
}

/** Where a template's root directory is: in the MF, or in the ADF before it. */
const inMf = new Set(['mf', 'cd', 'telecom', 'usim', 'isim', 'csim']);

function addTemplate(draft: Draft, name: string, template: number, members: readonly Tlv[]): void {
  const oid = needed(members, 0x81, 'templateID');
  if (members[1] !== oid || templateIn(oid.content) !== template)
    throw new Fault(`templateID is not 2.23.143.1.2.${template}`);
  const table = places[name];
  const base = inMf.has(name) ? '' : draft.domain;
  let root: string | undefined;
  let directory = base;
  let last = 0;
  for (const member of members.slice(2)) {
    if (order(member.tag) <= last) throw new Fault(`member ${hexTag(member.tag)} is out of order`);
    last = order(member.tag);
    const place = table?.[member.tag];
    let file = templateFile(member, directory, place);
    if (file?.kind === 'df') {
      if (root !== undefined) file = templateFile(member, root, place) as FileOnCard; // DFs of a template are siblings
      directory = file.path;
      root ??= directory;
      if (inMf.has(name)) draft.domain = file.aid === undefined && name === 'telecom' ? '' : root;
    }
    if (file !== undefined) addFile(draft, file);
  }
  for (const [tag, place] of Object.entries(table ?? {}))
    if (place.mandatory && !members.some((each) => each.tag === Number(tag)))
      throw new Fault(`${place.name} is missing`);
}

function addFile({ files }: Draft, file: FileOnCard): void {
  if (files.has(file.path)) throw new Fault(`the file ${file.path} is there already`);
  files.set(file.path, file);
}

/** The number of a context tag, so that A2 comes before BF1F. */
const order = (tag: number) => (tag > 0xff ? tag & 0x7f : tag & 0x1f);

function addOther(draft: Draft, tag: number, members: readonly Tlv[]): void {
  const { domain } = draft;
  if (tag === 0xa1) {
    for (const file of managedFiles(members)) addFile(draft, file);
  } else if (tag === 0xa2) draft.pins.push(...pinsIn(members).map((pin) => ({ ...pin, domain })));
  else if (tag === 0xa3) draft.puks.push(...puksIn(members));
  else if (tag === 0xa4) draft.akas.push({ ...akaIn(members), domain });
  else if (tag === 0xa6) draft.securityDomains.push(securityDomainIn(members));
  else if (tag === 0xa7) draft.rfms.push(rfmIn(members));
  else if (tag === 0xaa && members.length !== 1) throw new Fault("'end' holds more than its header");
}

/** What a subscription says, read from the files of the USIM. */
export type UsimValues = {
  readonly iccid: string;
  readonly imsi: string;
  readonly mncLength: number;
  readonly services: readonly number[];
  readonly enabledServices: readonly number[];
  readonly spn: string;
  /** The display condition of EF.SPN. */
  readonly spnCondition: number;
  readonly accessClasses: readonly number[];
  readonly emergencyNumbers: readonly string[];
  readonly msisdn?: string;
  readonly smsc?: string;
  readonly plmns: Readonly<Record<string, readonly string[]>>;
};

const records = ({ content, recordLength = 1 }: FileOnCard) =>
  Array.from({ length: content.length / recordLength }, (_, i) =>
    content.subarray(i * recordLength, (i + 1) * recordLength),
  );
const chunks = (octets: Uint8Array, length: number) => {
  if (octets.length % length !== 0) throw new Fault(`a list of PLMNs has ${octets.length} octets`);
  return Array.from({ length: octets.length / length }, (_, i) =>
    octets.subarray(i * length, i * length + 3),
  );
};

export function usimValues({ files }: Decoded): UsimValues {
  const file = (path: string): FileOnCard => {
    const found = files.get(path);
    if (found === undefined) throw new Fault(`the file ${path} is missing`);
    return found;
  };
  const content = (fid: string) => file(`7fd0/${fid}`).content;
  const ad = content('6fad');
  const spn = content('6f46');
  const acc = content('6f78');
  return {
    iccid: swapped(file('2fe2').content),
    imsi: imsiIn(content('6f07')),
    mncLength: (ad[3] as number) & 0x0f,
    services: serviceNumbers(content('6f38')),
    enabledServices: serviceNumbers(content('6f56')),
    spn: textIn(spn.subarray(1)),
    spnCondition: spn[0] as number,
    accessClasses: Array.from({ length: 16 }, (_, n) => n).filter(
      (n) => (((acc[0] as number) * 256 + (acc[1] as number)) >> n) & 1,
    ),
    emergencyNumbers: records(file('7fd0/6fb7')).map((record) => swapped(record.subarray(0, 3))),
    ...numbersIn(files),
    plmns: plmnsIn(files),
  };
}

function numbersIn(files: Decoded['files']): Pick<UsimValues, 'msisdn' | 'smsc'> {
  const msisdns = files.get('7fd0/6f40');
  const parameters = files.get('7fd0/6f42');
  const msisdn = msisdns && numberIn((records(msisdns)[0] as Uint8Array).subarray(-14, -2));
  const smsp = parameters && (records(parameters)[0] as Uint8Array).subarray(-28);
  // Parameter indicators: a bit of 0 says that the parameter is there; bit 2 is the service centre
  const smsc = smsp && ((smsp[0] as number) & 2) === 0 ? numberIn(smsp.subarray(13, 25)) : '';
  return { ...(msisdn && { msisdn }), ...(smsc && { smsc }) };
}

/** Lists of networks by FID, and the octets of each entry. */
const lists: Readonly<Record<string, number>> = { '6f7b': 3, '6f60': 5, '6f61': 5, '6f62': 5, '6fd9': 3 };

function plmnsIn(files: Decoded['files']): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(lists).flatMap(([fid, length]) => {
    const list = files.get(`7fd0/${fid}`);
    return list ? [[fid, chunks(list.content, length).flatMap((each) => plmnIn(each) ?? [])] as const] : [];
  });
  return Object.fromEntries(found);
}
