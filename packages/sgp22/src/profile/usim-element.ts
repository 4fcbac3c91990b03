import { concat, fromHex, tlv } from '@esim-rsp/codec';
import type { ProfileParameters } from './parameters.ts';
import { accessRules, directory, ff, file, peHeader, ruleFile, templates, two } from './template.ts';
import { imsiToFile, phoneNumberToFile, serviceProviderNameToFile } from './usim-files.ts';

/** The USIM of a package: PE-USIM and PE-OPT-USIM, whose files are those of 3GPP TS 31.102 4.2 at the places of their templates. */

export const USIM_AID = fromHex('a0000000871002ff49ff0589');

const arr = 0x6f06;
const { readAlways, readPin1, updatePin1, updatePin2 } = accessRules;

/**
 * Services of EF.UST (4.2.8), each with its files or without any: 2 FDN, 10 SMS storage, 12 SMS parameters, 19 service
 * provider name, 21 MSISDN, 28 data download by SMS-PP (the security domain is reached by it), 33 "shall be set to 1",
 * 34 EF.EST, 85 EPS mobility management.
 */
function serviceNumbers({ serviceProviderName, msisdn }: ProfileParameters): readonly number[] {
  return [
    ...[2, 10, 12, 28, 33, 34, 85],
    ...(serviceProviderName === '' ? [] : [19]),
    ...(msisdn === undefined ? [] : [21]),
  ];
}

/** EF.UST: bit n-1 from the least significant bit of the first octet on is service n. */
function serviceTable(parameters: ProfileParameters): Uint8Array {
  const table = new Uint8Array(17);
  for (const service of serviceNumbers(parameters))
    table[(service - 1) >> 3] = (table[(service - 1) >> 3] as number) | (1 << ((service - 1) & 7));
  return table;
}

const adf = directory(0xa2, fromHex('81010a'), tlv(0x83, two(0x7fd0)), tlv(0x84, USIM_AID));
const noKeys = concat(fromHex('07'), ff(32));
const beforeServices = concat(
  ruleFile(0xa4, arr),
  file(0xa5, { arr, fid: 0x6f08, rule: updatePin1, sfi: 0x08 }, noKeys),
  file(0xa6, { arr, fid: 0x6f09, rule: updatePin1, sfi: 0x09 }, noKeys),
  file(0xa7, { arr, fid: 0x6f31, rule: readPin1, sfi: 0x12 }, fromHex('0a')),
);
/** The status octet of EF.SMS (4.2.25): nothing is stored here. */
const FREE_RECORD = fromHex('00');
const beforeSmsp = concat(
  file(0xa9, { arr, fid: 0x6f3b, rule: updatePin2, records: { length: 28, count: 5 } }),
  file(0xaa, {
    arr,
    fid: 0x6f3c,
    rule: updatePin1,
    records: { length: 176, count: 10, start: FREE_RECORD },
  }),
);
const afterSmsp = file(0xac, { arr, fid: 0x6f43, rule: updatePin1, size: 2 });
const beforeAccessClass = concat(
  file(0xae, { arr, fid: 0x6f56, rule: updatePin2, sfi: 0x05 }, fromHex('00')),
  file(0xaf, { arr, fid: 0x6f5b, rule: updatePin1, sfi: 0x0f }, fromHex('f00000f00000')),
  file(0xb0, { arr, fid: 0x6f5c, rule: readPin1, sfi: 0x10 }, ff(3)),
  file(0xb1, { arr, fid: 0x6f73, rule: updatePin1, sfi: 0x0c }, fromHex('ffffffffffffffffffff0000ff01')),
);
const afterAccessClass = concat(
  file(0xb3, { arr, fid: 0x6f7b, rule: updatePin1, sfi: 0x0d, size: 12 }),
  file(0xb4, { arr, fid: 0x6f7e, rule: updatePin1, sfi: 0x0b }, fromHex('ffffffffffffff0000ff01')),
);
const afterAdministrativeData = concat(
  file(
    0xb6,
    { arr, fid: 0x6fb7, rule: readAlways, sfi: 0x01, records: { length: 4, count: 1 } },
    fromHex('11f2ff00'),
  ),
  file(0xb7, { arr, fid: 0x6fc4, rule: updatePin1, size: 50 }),
  file(0xb8, { arr, fid: 0x6fe3, rule: updatePin1, sfi: 0x1e }, concat(ff(12), fromHex('000000000001'))),
  file(0xb9, { arr, fid: 0x6fe4, rule: updatePin1, sfi: 0x18, records: { length: 54, count: 1 } }),
);

/** PE-USIM; its members are in the order of their tags. */
export function usimElement(identification: number, parameters: ProfileParameters): Uint8Array {
  const { imsi, serviceProviderName, mncLength, smsc } = parameters;
  const accessClass = 1 << Number(imsi.at(-1));
  return tlv(
    0xb3,
    peHeader(identification),
    tlv(0x81, templates.usim),
    adf,
    file(0xa3, { arr, fid: 0x6f07, rule: readPin1, sfi: 0x07 }, imsiToFile(imsi)),
    beforeServices,
    file(0xa8, { arr, fid: 0x6f38, rule: readPin1, sfi: 0x04 }, serviceTable(parameters)),
    beforeSmsp,
    smspFile(smsc),
    afterSmsp,
    file(0xad, { arr, fid: 0x6f46, rule: readAlways }, serviceProviderNameToFile(serviceProviderName)),
    beforeAccessClass,
    file(0xb2, { arr, fid: 0x6f78, rule: readPin1, sfi: 0x06 }, two(accessClass)),
    afterAccessClass,
    file(0xb5, { arr, fid: 0x6fad, rule: readAlways, sfi: 0x03 }, Uint8Array.of(0, 0, 0, mncLength)),
    afterAdministrativeData,
  );
}

/** EF.SMSP (4.2.27): of its parameters only the address of the service centre is there (FD). */
function smspFile(smsc: string | undefined): Uint8Array {
  const shape = { arr, fid: 0x6f42, rule: updatePin1, records: { length: 42, count: 1 } } as const;
  if (smsc === undefined) return file(0xab, shape);
  return file(0xab, shape, concat(ff(14), Uint8Array.of(0xfd), ff(12), phoneNumberToFile(smsc), ff(3)));
}

/** PE-OPT-USIM with EF.MSISDN (4.2.26): fourteen octets of name, the number, no capabilities and no extension. */
export function optionalUsimElement(identification: number, msisdn: string): Uint8Array {
  const shape = { arr, fid: 0x6f40, rule: updatePin1, records: { length: 28, count: 1 } } as const;
  const record = concat(ff(14), phoneNumberToFile(msisdn), ff(2));
  return tlv(0xb4, peHeader(identification), tlv(0x81, templates.optUsim), file(0xa7, shape, record));
}
