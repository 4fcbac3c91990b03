import {
  choice,
  DerError,
  formatTag,
  integer,
  nul,
  objectIdentifier,
  octetString,
  optional,
  rawContent,
  sequence,
  sequenceOf,
  type Tlv,
  type Type,
  utf8String,
} from '@esim-rsp/codec';
import { serviceName } from '../profile/capabilities.ts';
import { elementNames } from '../profile/elements.ts';
import { ProfilePackageError, readProfilePackage } from '../profile/read.ts';
import { type Node, shortText, tlvNode } from './node.ts';
import { childrenOf, unknownInside, type View, type Walk, walkType } from './walk.ts';

/** Describes a profile package, element by element (TCA Profile Interoperability 8). Content that may be secret is hidden. */
export function profilePackageNode(upp: Uint8Array, elements: readonly Tlv[], walk: Walk): Node {
  const hiding = { ...walk, hideUnknown: true, views: new Map([...walk.views, ...views]) };
  return {
    name: 'profile package',
    length: upp.length,
    value: `unprotected, ${elements.length} profile elements`,
    children: [...summarize(upp), ...elements.map((element) => elementNode(element, hiding))],
  };
}

/** Whether TLVs are a profile package or a part of one: the first is a header, or each starts like a profile element. */
export function areProfileElements(tlvs: readonly Tlv[]): boolean {
  const [first] = tlvs;
  if (first === undefined) return false;
  return (
    (elementNames[first.tag] === 'header' && isElement(first, 0)) || tlvs.every((tlv) => isElement(tlv, 1))
  );
}

function isElement(tlv: Tlv, index: number): boolean {
  const name = elementNames[tlv.tag];
  const members = childrenOf(tlv);
  if (name === undefined || members === undefined) return false;
  if (name === 'header')
    return index === 0 && [0x80, 0x81, 0x83].every((tag) => members.some((each) => each.tag === tag));
  const [first] = members;
  return first?.tag === 0xa0 && (childrenOf(first)?.some(({ tag }) => tag === 0x81) ?? false);
}

function summarize(upp: Uint8Array): Node[] {
  try {
    const { iccid, imsi, serviceProviderName, header } = readProfilePackage(upp);
    const lines = [
      ['ICCID', iccid],
      ['IMSI', imsi],
      ['service provider name (EF.SPN)', serviceProviderName],
      ['version', `${header.majorVersion}.${header.minorVersion}`],
    ];
    return lines.flatMap(([name = '', value]) =>
      value === undefined ? [] : [{ name, value: shortText(value) }],
    );
  } catch (error) {
    if (error instanceof ProfilePackageError) return [{ name: 'fault', value: shortText(error.message) }];
    throw error;
  }
}

const number = integer();
const peHeader = sequence({ mandated: optional(nul.as('80')), identification: number.as('81') });

/** The services that the eUICC must have: one NULL each. */
const servicesView: View = (name, tlv) => {
  const names = childrenOf(tlv)?.map(({ tag }) => serviceName(tag) ?? formatTag(tag));
  return names && { ...tlvNode(name, tlv), value: shortText(names.join(', ')) };
};

const headerView: View = (name, tlv) => {
  const identification = childrenOf(tlv)?.find(({ tag }) => tag === 0x81);
  if (identification === undefined) return undefined;
  return { ...tlvNode(name, tlv), value: `identification ${valueText(number.as('81'), identification)}` };
};

const views: readonly (readonly [string, View])[] = [
  ['header', headerView],
  ['sd-Header', headerView],
  ['eUICC-Mandatory-services', servicesView],
];

const ProfileHeader = sequence({
  'major-version': number.as('80'),
  'minor-version': number.as('81'),
  profileType: optional(utf8String(100).as('82')),
  iccid: octetString(10).as('83'),
  'eUICC-Mandatory-services': optional(rawContent(0xa5)),
  'eUICC-Mandatory-GFSTEList': optional(sequenceOf(objectIdentifier).as('A6')),
});

const PinCodes = sequence({
  header: peHeader.as('A0'),
  pinCodes: choice({
    pinconfig: sequenceOf(
      sequence({
        pinReference: number.as('80'),
        pinValue: octetString(8).as('81'),
        unblockingPINReference: optional(number.as('82')),
        pinAttributes: optional(number.as('83')),
        maxNumOfAttempsRetryNumLeft: optional(integer(-128).as('84')),
      }),
    ).as('A0'),
    filePath: octetString().as('81'),
  }).as('A1'),
});

const PukCodes = sequence({
  header: peHeader.as('A0'),
  pukCodes: sequenceOf(
    sequence({
      pukReference: number.as('80'),
      pukValue: octetString(8).as('81'),
      maxNumOfAttempsRetryNumLeft: optional(integer(-128).as('82')),
    }),
  ).as('A1'),
});

const AkaParameter = sequence({
  header: peHeader.as('A0'),
  algoConfiguration: choice({
    mappingParameter: sequence({
      mappingOptions: octetString(1).as('80'),
      mappingSource: octetString(5, 16).as('81'),
    }).as('A0'),
    algoParameter: sequence({
      algorithmID: number.as('80'),
      algorithmOptions: octetString(1).as('81'),
      key: octetString().as('82'),
      opc: octetString().as('83'),
    }).as('A1'),
  }).as('A1'),
});

const KeyObject = sequence({
  keyUsageQualifier: octetString().as('95'),
  keyIdentifier: octetString(1).as('82'),
  keyVersionNumber: octetString(1).as('83'),
  keyComponents: sequenceOf(sequence({ keyType: octetString(1).as('80'), keyData: octetString().as('86') })),
});

const SecurityDomain = sequence({
  'sd-Header': peHeader.as('A0'),
  keyList: optional(sequenceOf(KeyObject).as('A2')),
});

const types: Readonly<Record<string, Type<unknown>>> = {
  header: ProfileHeader.as('A0'),
  pinCodes: PinCodes.as('A2'),
  pukCodes: PukCodes.as('A3'),
  akaParameter: AkaParameter.as('A4'),
  securityDomain: SecurityDomain.as('A6'),
};

/** Describes an element. Of files, applications and unknown elements only name and length: their content may be secret. */
function elementNode(element: Tlv, walk: Walk): Node {
  const name = elementNames[element.tag] ?? 'unknown';
  const type = types[name];
  if (type !== undefined) return { ...walkType('element', type, element, walk), name };
  if (walk.showSecrets) return unknownInside(name, element, walk);
  const members = childrenOf(element) ?? [];
  const header = members.find(({ tag }) => tag === 0xa0);
  const identification = header && childrenOf(header)?.find(({ tag }) => tag === 0x81);
  const template = TEMPLATE_ELEMENTS.test(name) ? members.find(({ tag }) => tag === 0x81) : undefined;
  const words = [
    ...(identification === undefined ? [] : [`identification ${valueText(number.as('81'), identification)}`]),
    ...(template === undefined ? [] : [`template ${valueText(objectIdentifier.as('81'), template)}`]),
  ];
  return { ...tlvNode(name, element), ...(words.length > 0 && { value: words.join(', ') }) };
}

/** Elements that use a template. */
const TEMPLATE_ELEMENTS =
  /^(?:mf|cd|telecom|phonebook|gsm-access|eap|(?:opt-)?(?:usim|isim|csim|iot)|df-.*)$/;

function valueText(type: Type<string> | Type<number>, tlv: Tlv): string {
  try {
    return String(type.read(tlv));
  } catch (error) {
    if (error instanceof DerError) return '(cannot be read)';
    throw error;
  }
}
