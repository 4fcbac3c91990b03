import { Fault, hex, integerIn, mustFollow, needed, one, type Tlv, tlvs } from './tlv.ts';

/** PINs, PUKs, authentication keys, security domains and remote file management (TCA Profile Interoperability 8.4 to 8.8). */

export type Pin = {
  readonly reference: number;
  readonly value: string;
  readonly unblockedBy?: number;
  /** Bit 1: enabled, bit 2: may be changed, bit 3: may be disabled. */
  readonly attributes: number;
  readonly attempts: { readonly most: number; readonly left: number };
};

function attemptsOf(octet: number): Pin['attempts'] {
  const attempts = { most: (octet >> 4) & 15, left: octet & 15 };
  if (attempts.left > attempts.most || attempts.most === 0)
    throw new Fault('a PIN or PUK has impossible attempts');
  return attempts;
}

/** 4 to 8 digits and FF; an ADM code is any octets. */
function codeOf({ content }: Tlv, reference: number): string {
  if (content.length !== 8)
    throw new Fault(`the code of key reference ${reference} has ${content.length} octets`);
  if (reference >= 0x0a && reference <= 0x0e) return hex(content);
  const text = String.fromCharCode(...content);
  const found = /^(\d{4,8})\u{ff}*$/u.exec(text);
  if (found === null) throw new Fault(`the code of key reference ${reference} is no digits that end with FF`);
  return found[1] as string;
}

export function pinsIn(element: readonly Tlv[]): Pin[] {
  const [choice, ...more] = tlvs(needed(element, 0xa1, 'pinCodes').content);
  if (choice === undefined || more.length > 0) throw new Fault('pinCodes is no choice');
  if (choice.tag === 0x81) return []; // shared with another DF
  if (choice.tag !== 0xa0) throw new Fault('pinCodes is no choice');
  return tlvs(choice.content).map((entry) => {
    const members = tlvs(entry.content);
    mustFollow(members, [0x80, 0x81, 0x82, 0x83, 0x84], 'PINConfiguration');
    const reference = integerIn(needed(members, 0x80, 'keyReference'));
    const unblockedBy = one(members, 0x82);
    const attributes = one(members, 0x83);
    const attempts = one(members, 0x84);
    return {
      reference,
      value: codeOf(needed(members, 0x81, 'pinValue'), reference),
      ...(unblockedBy && { unblockedBy: integerIn(unblockedBy) }),
      attributes: attributes ? integerIn(attributes) : 7,
      attempts: attemptsOf(attempts ? integerIn(attempts) : 0x33),
    };
  });
}

export type Puk = { readonly reference: number; readonly value: string; readonly attempts: Pin['attempts'] };

export function puksIn(element: readonly Tlv[]): Puk[] {
  return tlvs(needed(element, 0xa1, 'pukCodes').content).map((entry) => {
    const members = tlvs(entry.content);
    mustFollow(members, [0x80, 0x81, 0x82], 'PUKConfiguration');
    const reference = integerIn(needed(members, 0x80, 'keyReference'));
    const value = codeOf(needed(members, 0x81, 'pukValue'), reference);
    if (value.length !== 8) throw new Fault('a PUK has not eight digits');
    const attempts = one(members, 0x82);
    return { reference, value, attempts: attemptsOf(attempts ? integerIn(attempts) : 0xaa) };
  });
}

export type Aka =
  | { readonly source: string }
  | {
      readonly algorithm: 'milenage' | 'tuak' | 'usim-test';
      readonly options: number;
      readonly key: string;
      readonly opc: string;
      readonly keccakIterations: number;
    };

const algorithms = [undefined, 'milenage', 'tuak', 'usim-test'] as const;

export function akaIn(element: readonly Tlv[]): Aka {
  mustFollow(element, [0xa0, 0xa1, 0x82, 0x83, 0x84, 0xa5], 'PE-AKAParameter');
  const lengths = { 130: 1, 131: 6, 132: 6 };
  for (const [tag, length] of Object.entries(lengths)) {
    const found = one(element, Number(tag));
    if (found !== undefined && found.content.length !== length)
      throw new Fault('a member about SQN has a wrong length');
  }
  const initial = one(element, 0xa5);
  if (
    initial &&
    !(tlvs(initial.content).length === 32 && tlvs(initial.content).every((t) => t.content.length === 6))
  )
    throw new Fault('sqnInit has not 32 values of six octets');
  const [choice, ...more] = tlvs(needed(element, 0xa1, 'algoConfiguration').content);
  if (choice === undefined || more.length > 0) throw new Fault('algoConfiguration is no choice');
  const members = tlvs(choice.content);
  if (choice.tag === 0xa0) return { source: hex(needed(members, 0x81, 'mappingSource').content) };
  mustFollow(members, [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87], 'AlgoParameter');
  const algorithm = algorithms[integerIn(needed(members, 0x80, 'algorithmID'))];
  if (algorithm === undefined) throw new Fault('algorithmID is none of 1, 2 and 3');
  const options = needed(members, 0x81, 'algorithmOptions').content;
  const key = needed(members, 0x82, 'key').content;
  const opc = needed(members, 0x83, 'opc').content;
  const tuak = algorithm === 'tuak';
  if (options.length !== 1) throw new Fault('algorithmOptions has not one octet');
  if (key.length !== 16 && !(tuak && key.length === 32)) throw new Fault(`K has ${key.length} octets`);
  if (opc.length !== (tuak ? 32 : 16)) throw new Fault(`OPc or TOPc has ${opc.length} octets`);
  const keccak = one(members, 0x87);
  return {
    algorithm,
    options: options[0] as number,
    key: hex(key),
    opc: hex(opc),
    keccakIterations: keccak ? integerIn(keccak) : 1,
  };
}

export type DomainKey = {
  readonly version: number;
  readonly id: number;
  readonly usage: number;
  readonly type: number;
  readonly value: string;
};
export type SecurityDomain = {
  readonly aid: string;
  readonly tars: readonly string[];
  readonly keys: readonly DomainKey[];
};

/** A security domain: its instance, reached over the air where its system parameters name a TAR (TS 102 226 8.2.1.3.2). */
export function securityDomainIn(element: readonly Tlv[]): SecurityDomain {
  mustFollow(element, [0xa0, 0xa1, 0xa2, 0xa3, 0xa4], 'PE-SecurityDomain');
  const instance = tlvs(needed(element, 0xa1, 'instance').content);
  mustFollow(instance, [0x4f, 0x82, 0x83, 0xc9, 0xea], 'ApplicationInstance');
  const aids = instance.filter(({ tag }) => tag === 0x4f);
  if (aids.length < 3 || aids.some(({ content }) => content.length < 5 || content.length > 16))
    throw new Fault('an instance needs the AIDs of package, class and itself');
  if (needed(instance, 0x82, 'applicationPrivileges').content.length !== 3)
    throw new Fault('applicationPrivileges has not three octets');
  needed(instance, 0x83, 'lifeCycleState');
  needed(instance, 0xc9, 'applicationSpecificParametersC9');
  const parameters = one(instance, 0xea);
  const keys = tlvs(one(element, 0xa2)?.content ?? new Uint8Array()).map(domainKeyIn);
  return {
    aid: hex((aids[2] as Tlv).content),
    tars: parameters ? tarsIn(needed(tlvs(parameters.content), 0x80, 'toolkit parameters').content) : [],
    keys,
  };
}

/** UICC Toolkit parameters: priority, timers, text, menu, channels, then with their lengths MSL and TARs. */
function tarsIn(octets: Uint8Array): string[] {
  const menu = octets[3] ?? 0;
  const afterMenu = 4 + 2 * menu;
  const msl = octets[afterMenu + 1] ?? 0;
  const start = afterMenu + 2 + msl;
  const length = octets[start] ?? 0;
  if (length % 3 !== 0 || start + length >= octets.length)
    throw new Fault('toolkit parameters have no list of TARs');
  return (hex(octets.subarray(start + 1, start + 1 + length)).match(/.{6}/g) ?? []).map(String);
}

const keyLengths: Readonly<Record<number, readonly number[]>> = {
  128: [16, 24],
  130: [16, 24],
  136: [16, 24, 32],
};

function domainKeyIn(object: Tlv): DomainKey {
  const members = tlvs(object.content);
  mustFollow(members, [0x95, 0x96, 0x82, 0x83, 0x85, 0x30], 'KeyObject');
  const octet = (tag: number, name: string) => {
    const { content } = needed(members, tag, name);
    if (content.length !== 1) throw new Fault(`${name} has not one octet`);
    return content[0] as number;
  };
  const components = tlvs(needed(members, 0x30, 'keyComponents').content);
  const [component] = components.map(({ content }) => tlvs(content));
  if (component === undefined) throw new Fault('a key has no component');
  const type = needed(component, 0x80, 'keyType').content[0] as number;
  const value = needed(component, 0x86, 'keyData').content;
  if (keyLengths[type] && !keyLengths[type].includes(value.length))
    throw new Fault(`a key of type ${type.toString(16)} has ${value.length} octets`);
  return {
    version: octet(0x83, 'keyVersionNumber'),
    id: octet(0x82, 'keyIdentifier'),
    usage: octet(0x95, 'keyUsageQualifier'),
    type,
    value: hex(value),
  };
}

export type RemoteFileManagement = {
  readonly aid: string;
  readonly tars: readonly string[];
  readonly adf?: string;
};

export function rfmIn(element: readonly Tlv[]): RemoteFileManagement {
  const [, list] = element.filter(({ tag }) => tag === 0xa0);
  const adf = one(element, 0x30);
  const tars = list ? tlvs(list.content).map(({ content }) => hex(content)) : [];
  if (tars.some((tar) => tar.length !== 6)) throw new Fault('a TAR has not three octets');
  if (needed(element, 0x81, 'minimumSecurityLevel').content.length !== 1)
    throw new Fault('an MSL has not one octet');
  if (element.filter(({ tag }) => tag === 0x04).length !== 2) throw new Fault('RFM needs two access domains');
  return {
    aid: hex(needed(element, 0x4f, 'instanceAID').content),
    tars,
    ...(adf && { adf: hex(needed(tlvs(adf.content), 0x80, 'adfAID').content) }),
  };
}
