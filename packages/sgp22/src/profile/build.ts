import { concat, fromHex, integer, oidContent, tlv } from '@esim-rsp/codec';
import { iccidToBcd, iccidToSwappedBcd } from '../value/iccid.ts';
import { algorithms, type ProfileParameters } from './parameters.ts';
import { accessRules, file, peHeader, ruleFile, two } from './template.ts';
import { imsiToFile, serviceProviderNameToFile } from './usim-files.ts';

export { completeParameters, type GivenParameters, type ProfileParameters } from './parameters.ts';

/**
 * Builds an unprotected profile package from parameters (TCA Profile Interoperability 8): header, MF, PUKs and PINs,
 * USIM, authentication keys, security domain, end. The same parameters give the same bytes.
 */
export function buildProfilePackage(parameters: ProfileParameters): Uint8Array {
  return concat(
    headerElement(parameters),
    mfElement(parameters),
    pukElement(parameters),
    pinElement(parameters),
    usimElement(parameters),
    ...(parameters.msisdn === undefined ? [] : [optionalUsimElement(parameters.msisdn)]),
    pin2Element(parameters),
    akaElement(parameters),
    securityDomainElement(parameters),
    END,
  );
}

/** Identifications of the elements: status reports of the eUICC refer to them. */
const ids = {
  mf: 1,
  puk: 2,
  pin: 3,
  usim: 4,
  optUsim: 5,
  pin2: 6,
  aka: 7,
  securityDomain: 8,
  end: 9,
} as const;

const templates = { mf: oid(1), usim: oid(4), optUsim: oid(5) };

function oid(last: number): Uint8Array {
  return oidContent(`2.23.143.1.2.${last}`);
}

const ascii = (text: string) => new TextEncoder().encode(text);
const number = (value: number, tag: string) => integer().as(tag).write(value);
const EMPTY = new Uint8Array();

/** eUICC-Mandatory-services by algorithm; 81 is usim. */
const services = {
  milenage: concat(tlv(0x81), tlv(0x84)),
  tuak: concat(tlv(0x81), tlv(0x85)),
  'usim-test': concat(tlv(0x81), tlv(0x91)),
};
const mandatoryTemplates = tlv(0xa6, tlv(0x06, templates.mf), tlv(0x06, templates.usim));

function headerElement({ iccid, profileName, algorithm }: ProfileParameters): Uint8Array {
  return tlv(
    0xa0,
    number(2, '80'),
    number(3, '81'),
    profileName === '' ? EMPTY : tlv(0x82, ascii(profileName)),
    tlv(0x83, iccidToBcd(iccid)),
    tlv(0xa5, services[algorithm]),
    mandatoryTemplates,
  );
}

const inMf = { arr: 0x2f06 } as const;
/** One application: the USIM. */
const directoryRecord = concat(fromHex('61144f0ca0000000871002ff49ff05895004'), ascii('USIM'));
const mfBefore = concat(
  peHeader(ids.mf),
  tlv(0x81, templates.mf),
  tlv(0xa2, tlv(0xa1, tlv(0x8b, fromHex('2f0601')), tlv(0xc6, fromHex('010a')))),
  file(0xa3, { ...inMf, fid: 0x2f05, rule: accessRules.updatePin1, sfi: 5 }, fromHex('656effffffff')),
);
const mfAfter = concat(
  file(
    0xa5,
    { ...inMf, fid: 0x2f00, rule: accessRules.readAlways, sfi: 30, records: { length: 33, count: 1 } },
    directoryRecord,
  ),
  ruleFile(0xa6, 0x2f06),
  file(0xa7, { ...inMf, fid: 0x2f08, rule: accessRules.readAlways, sfi: 8 }, fromHex('3c3c000000')),
);

function mfElement({ iccid }: ProfileParameters): Uint8Array {
  const shape = { ...inMf, fid: 0x2fe2, rule: accessRules.readAlways, sfi: 2 };
  return tlv(0xb0, mfBefore, file(0xa4, shape, iccidToSwappedBcd(iccid)), mfAfter);
}

function pukElement({ puk1, puk2 }: ProfileParameters): Uint8Array {
  const puk = (reference: string, value: string) =>
    tlv(0x30, tlv(0x80, fromHex(reference)), tlv(0x81, ascii(value)));
  return tlv(0xa3, peHeader(ids.puk), tlv(0xa1, puk('01', puk1), puk('0081', puk2)));
}

function padded(pin: string): Uint8Array {
  const octets = new Uint8Array(8).fill(0xff);
  octets.set(ascii(pin));
  return octets;
}

function pins(identification: number, ...entries: Uint8Array[]): Uint8Array {
  return tlv(0xa2, peHeader(identification), tlv(0xa1, tlv(0xa0, ...entries)));
}

/** PIN1 is there but not asked for (pinAttributes 6), as on most SIMs; ADM1 has ten attempts. */
function pinElement({ pin1, adm1 }: ProfileParameters): Uint8Array {
  return pins(
    ids.pin,
    tlv(
      0x30,
      tlv(0x80, fromHex('01')),
      tlv(0x81, padded(pin1)),
      tlv(0x82, fromHex('01')),
      tlv(0x83, fromHex('06')),
    ),
    tlv(
      0x30,
      tlv(0x80, fromHex('0a')),
      tlv(0x81, adm1),
      tlv(0x83, fromHex('03')),
      tlv(0x84, fromHex('00aa')),
    ),
  );
}

function pin2Element({ pin2 }: ProfileParameters): Uint8Array {
  const reference = fromHex('0081');
  return pins(ids.pin2, tlv(0x30, tlv(0x80, reference), tlv(0x81, padded(pin2)), tlv(0x82, reference)));
}

const inUsim = { arr: 0x6f06 } as const;
const { readAlways, readPin1, updatePin1, updatePin2 } = accessRules;
/** Services of EF.UST (3GPP TS 31.102 4.2.8): 2 FDN, 10 SMS, 12 SMSP, 17 GID1 no, 19 SPN, 21 MSISDN, 27 GSM access no, 33, 38 GSM security no, 85 EPS mobility. */
const usimServices = [2, 10, 11, 12, 19, 21, 34, 42, 85];
const ust = new Uint8Array(17);
for (const service of usimServices)
  ust[(service - 1) >> 3] = (ust[(service - 1) >> 3] as number) | (1 << ((service - 1) & 7));

const usimBefore = concat(
  peHeader(ids.usim),
  tlv(0x81, templates.usim),
  tlv(
    0xa2,
    tlv(
      0xa1,
      tlv(0x83, two(0x7fd0)),
      tlv(0x84, fromHex('a0000000871002ff49ff0589')),
      tlv(0x8b, fromHex('2f0601')),
      tlv(0xc6, fromHex('81010a')),
    ),
  ),
);
const usimBeforeSmsp = concat(
  ruleFile(0xa4, 0x6f06),
  file(0xa5, { ...inUsim, fid: 0x6f08, rule: updatePin1, sfi: 8, size: 33 }, concat(fromHex('07'), ff(32))),
  file(0xa6, { ...inUsim, fid: 0x6f09, rule: updatePin1, sfi: 9, size: 33 }, concat(fromHex('07'), ff(32))),
  file(0xa7, { ...inUsim, fid: 0x6f31, rule: readPin1, sfi: 18 }, fromHex('0a')),
  file(0xa8, { ...inUsim, fid: 0x6f38, rule: readPin1, sfi: 4 }, ust),
  file(0xa9, { ...inUsim, fid: 0x6f3b, rule: updatePin2, records: { length: 28, count: 5 } }),
  file(
    0xaa,
    { ...inUsim, fid: 0x6f3c, rule: updatePin1, records: { length: 176, count: 10 } },
    concat(fromHex('00'), ff(175)),
  ),
);
const usimSmss = file(0xac, { ...inUsim, fid: 0x6f43, rule: updatePin1, size: 2 });
const usimBetweenSpnAndAcc = concat(
  file(0xae, { ...inUsim, fid: 0x6f56, rule: updatePin2, sfi: 5 }, fromHex('00')),
  file(0xaf, { ...inUsim, fid: 0x6f5b, rule: updatePin1, sfi: 15 }, fromHex('f00000f00000')),
  file(0xb0, { ...inUsim, fid: 0x6f5c, rule: readPin1, sfi: 16 }, ff(3)),
  file(0xb1, { ...inUsim, fid: 0x6f73, rule: updatePin1, sfi: 12 }, fromHex('ffffffffffffffffffffffffff01')),
);
const usimAfterAcc = concat(
  file(0xb3, { ...inUsim, fid: 0x6f7b, rule: updatePin1, sfi: 13, size: 12 }),
  file(0xb4, { ...inUsim, fid: 0x6f7e, rule: updatePin1, sfi: 11 }, fromHex('ffffffffffffff0000ff01')),
);
const usimAfterAd = concat(
  file(
    0xb6,
    { ...inUsim, fid: 0x6fb7, rule: readAlways, sfi: 1, records: { length: 4, count: 1 } },
    fromHex('11f2ff00'),
  ),
  file(0xb7, { ...inUsim, fid: 0x6fc4, rule: updatePin1, size: 50 }),
  file(0xb8, { ...inUsim, fid: 0x6fe3, rule: updatePin1, sfi: 30 }, concat(ff(12), fromHex('000000000001'))),
  file(0xb9, { ...inUsim, fid: 0x6fe4, rule: updatePin1, sfi: 24, records: { length: 54, count: 1 } }),
);

function ff(count: number): Uint8Array {
  return new Uint8Array(count).fill(0xff);
}

function usimElement({ imsi, serviceProviderName, mncLength, smsc }: ProfileParameters): Uint8Array {
  const accessClass = 1 << Number(imsi.at(-1));
  return tlv(
    0xb3,
    usimBefore,
    file(0xa3, { ...inUsim, fid: 0x6f07, rule: readPin1, sfi: 7 }, imsiToFile(imsi)),
    usimBeforeSmsp,
    smspFile(smsc),
    usimSmss,
    file(0xad, { ...inUsim, fid: 0x6f46, rule: readAlways }, serviceProviderNameToFile(serviceProviderName)),
    usimBetweenSpnAndAcc,
    file(0xb2, { ...inUsim, fid: 0x6f78, rule: readPin1, sfi: 6 }, two(accessClass)),
    usimAfterAcc,
    file(
      0xb5,
      { ...inUsim, fid: 0x6fad, rule: readAlways, sfi: 3 },
      Uint8Array.of(0x00, 0x00, 0x00, mncLength),
    ),
    usimAfterAd,
  );
}

/** A number as SIM files hold it (3GPP TS 31.102 4.2.26): octets that follow, type of number, ten octets of BCD. */
function numberOctets(text: string): Uint8Array {
  const digits = text.replace('+', '');
  const bcd = ff(10);
  for (let i = 0; i < digits.length; i += 2)
    bcd[i / 2] = Number.parseInt(`${digits[i + 1] ?? 'f'}${digits[i]}`, 16);
  const type = text.startsWith('+') ? 0x91 : 0x81;
  return concat(Uint8Array.of(1 + Math.ceil(digits.length / 2), type), bcd);
}

/** EF.SMSP (4.2.27): of its parameters only the address of the service centre is there (FD). */
function smspFile(smsc: string | undefined): Uint8Array {
  const shape = { ...inUsim, fid: 0x6f42, rule: updatePin1, records: { length: 42, count: 1 } };
  if (smsc === undefined) return file(0xab, shape);
  return file(0xab, shape, concat(ff(14), Uint8Array.of(0xfd), ff(12), numberOctets(smsc), ff(3)));
}

/** EF.MSISDN (4.2.26): fourteen octets of name, the number, no capabilities and no extension. */
function optionalUsimElement(msisdn: string): Uint8Array {
  const shape = { ...inUsim, fid: 0x6f40, rule: updatePin1, records: { length: 28, count: 1 } };
  const record = concat(ff(14), numberOctets(msisdn), ff(2));
  return tlv(0xb4, peHeader(ids.optUsim), tlv(0x81, templates.optUsim), file(0xa7, shape, record));
}

function akaElement({ algorithm, ki, opc }: ProfileParameters): Uint8Array {
  const algoParameter = tlv(
    0xa1,
    number(algorithms[algorithm], '80'),
    tlv(0x81, Uint8Array.of(algorithm === 'usim-test' ? 0x02 : 0x00)),
    tlv(0x82, ki),
    tlv(0x83, opc),
  );
  return tlv(0xa4, peHeader(ids.aka), tlv(0xa1, algoParameter));
}

/** The security domain of the operator, as GlobalPlatform's default load file makes it, reached by SCP80. */
const domainInstance = tlv(
  0xa1,
  tlv(0x4f, fromHex('a0000001515350')),
  tlv(0x4f, fromHex('a000000151535041')),
  tlv(0x4f, fromHex('a000000151000000')),
  tlv(0x82, fromHex('82dc00')),
  tlv(0x83, fromHex('0f')),
  tlv(0xc9, fromHex('810280008201f08301f08701f0')),
  tlv(0xea, tlv(0x80, fromHex('010000000002010606b2010000000000'))),
);

function securityDomainElement({ isdKeys }: ProfileParameters): Uint8Array {
  const key = (usage: string, id: number) =>
    tlv(
      0x30,
      tlv(0x95, fromHex(usage)),
      tlv(0x82, Uint8Array.of(id)),
      tlv(0x83, Uint8Array.of(1)),
      tlv(
        0x30,
        tlv(0x30, tlv(0x80, Uint8Array.of(0x88)), tlv(0x86, isdKeys.subarray(16 * (id - 1), 16 * id))),
      ),
    );
  const keyList = tlv(0xa2, key('18', 1), key('14', 2), key('48', 3));
  return tlv(0xa6, peHeader(ids.securityDomain), domainInstance, keyList);
}

const END = tlv(0xaa, peHeader(ids.end));
