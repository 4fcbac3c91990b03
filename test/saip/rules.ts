import { type AccessRules, type Condition, opens, READ, rulesIn, UPDATE } from './access.ts';
import { type Decoded, decodeProfile, type UsimValues, usimValues } from './decode.ts';
import type { FileOnCard } from './files.ts';
import { type Access, ALWAYS_SET, access, filesOfService } from './tables.ts';
import { Fault, hex, tlvs } from './tlv.ts';

/** What a card or a terminal would object to in a package; an empty list for a good one. */
export function faultsOf(upp: Uint8Array): readonly string[] {
  try {
    const decoded = decodeProfile(upp);
    const usim = decoded.elements.some(({ name }) => name === 'usim') ? usimValues(decoded) : undefined;
    return [
      ...structureFaults(decoded),
      ...headerFaults(decoded),
      ...pinFaults(decoded),
      ...applicationFaults(decoded),
      ...[...decoded.files.values()].flatMap((file) => accessFaults(file, decoded)),
      ...sfiFaults(decoded),
      ...(usim ? [...serviceFaults(usim, decoded), ...valueFaults(usim, decoded)] : []),
      ...domainFaults(decoded),
    ];
  } catch (error) {
    if (error instanceof Fault) return [error.message];
    throw error;
  }
}

/** A sentence where the condition does not hold. */
const unless = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence]);

function structureFaults({ elements, header }: Decoded): string[] {
  const names = elements.map(({ name }) => name);
  const count = (name: string) => names.filter((each) => each === name).length;
  return [
    ...unless(names[1] === 'mf', 'the MF is not the second element'),
    ...unless(names.at(-1) === 'end' && count('end') === 1, "'end' is not once at the end"),
    ...unless(count('header') === 1 && count('mf') === 1, 'header or MF is there twice'),
    ...unless(/^[123]\./.test(header.version), `the version is ${header.version}`),
    ...unless(
      names.indexOf('pukCodes') < names.indexOf('pinCodes'),
      'PUKs come after the PINs that they unblock',
    ),
    ...unless(
      count('opt-usim') === 0 || names.indexOf('usim') < names.indexOf('opt-usim'),
      'opt-usim is before usim',
    ),
  ];
}

function headerFaults({ elements, header, akas, files }: Decoded): string[] {
  const used = new Set(elements.flatMap(({ template }) => template ?? []));
  const listed = new Set(header.templates);
  const named = new Set(header.services);
  const wanted = new Set<string>();
  for (const { name } of elements)
    if (name === 'usim' || name === 'isim' || name === 'csim') wanted.add(name);
  for (const aka of akas)
    if ('algorithm' in aka)
      wanted.add(
        {
          milenage: 'milenage',
          tuak: aka.key.length === 64 ? 'tuak256' : 'tuak128',
          'usim-test': 'usim-test-algorithm',
        }[aka.algorithm],
      );
  if ([...files.values()].some(({ kind }) => kind === 'ber-tlv')) wanted.add('ber-tlv');
  const checked = ['usim', 'isim', 'csim', 'milenage', 'tuak128', 'tuak256', 'usim-test-algorithm'];
  return [
    ...[...used].flatMap((n) => unless(listed.has(n), `the GFSTEList does not name the template ${n}`)),
    ...[...listed].flatMap((n) =>
      unless(used.has(n), `the GFSTEList names the template ${n}, which nothing uses`),
    ),
    ...unless(header.templates.length === listed.size, 'the GFSTEList names a template twice'),
    ...[...wanted].flatMap((name) => unless(named.has(name), `the mandatory services do not name ${name}`)),
    ...checked.flatMap((name) =>
      unless(
        wanted.has(name) || !named.has(name),
        `the mandatory services name ${name}, which nothing needs`,
      ),
    ),
  ];
}

/** Key references 01 to 08 and ADM codes are global, 81 to 88 belong to an application (TS 102 221 9.5.1). */
function isKnown(reference: number, domain: string, pins: Decoded['pins']): boolean {
  return pins.some((pin) => pin.reference === reference && (reference < 0x80 || pin.domain === domain));
}

function pinFaults({ pins, puks, files }: Decoded): string[] {
  const stores = new Set(puks.map(({ reference }) => reference));
  const names = pins.map(({ reference, domain }) => `${domain}:${reference}`);
  return [
    ...unless(isKnown(0x01, '', pins), 'there is no PIN1'),
    ...unless(isKnown(0x0a, '', pins), 'there is no ADM1'),
    ...unless(new Set(names).size === names.length, 'a key reference is there twice'),
    ...pins.flatMap(({ reference, unblockedBy }) =>
      unless(
        unblockedBy === undefined || stores.has(unblockedBy),
        `the PIN ${hexOf(reference)} is unblocked by ${unblockedBy}, which is no PUK`,
      ),
    ),
    ...[...files.values()].flatMap(({ path, pins: own = [] }) =>
      own.flatMap((reference) =>
        unless(
          isKnown(reference, domainOf(path), pins),
          `${path || 'the MF'} names the PIN ${hexOf(reference)}`,
        ),
      ),
    ),
  ];
}

const hexOf = (octet: number) => octet.toString(16).padStart(2, '0');
/** The ADF of a path (temporary identifiers 7F00 to 7FFF but DF.TELECOM and such); '' for the MF. */
const domainOf = (path: string) => (/^7f[b-d]/.test(path) ? path.slice(0, 4) : '');

/** Each application can authenticate, and EF.DIR shows it. */
function applicationFaults({ elements, akas, files }: Decoded): string[] {
  const adfs = [...files.values()].filter(({ aid }) => aid !== undefined);
  const directory = files.get('2f00');
  const shown = directory === undefined ? [] : directoryOf(directory);
  const authenticated = ['usim', 'isim'].filter((name) => elements.some((each) => each.name === name)).length;
  return [
    ...unless(
      akas.length === authenticated,
      `${authenticated} applications have ${akas.length} akaParameter elements`,
    ),
    ...unless(
      new Set(akas.map(({ domain }) => domain)).size === akas.length,
      'an application has two akaParameter',
    ),
    ...adfs.flatMap(({ aid = '' }) => unless(shown.includes(aid), `EF.DIR does not show ${aid}`)),
    ...shown.flatMap((aid) =>
      unless(
        adfs.some((adf) => adf.aid === aid),
        `EF.DIR shows ${aid}, which is not there`,
      ),
    ),
    ...akas.flatMap((aka) =>
      unless(
        !('source' in aka) || adfs.some(({ aid }) => aid === aka.source),
        'a mappingSource is not there',
      ),
    ),
  ];
}

/** AIDs in EF.DIR: application templates (TS 102 221 13.1). */
function directoryOf({ content, recordLength = 1 }: FileOnCard): string[] {
  const found: string[] = [];
  for (let at = 0; at < content.length; at += recordLength) {
    const record = content.subarray(at, at + recordLength);
    if (record[0] === 0xff) continue;
    const [template] = tlvs(record.subarray(0, 2 + (record[1] as number)));
    const [aid] = template?.tag === 0x61 ? tlvs(template.content) : [];
    if (aid?.tag !== 0x4f) throw new Fault('EF.DIR has a record without an AID');
    found.push(hex(aid.content));
  }
  return found;
}

/** The rule of a file is there, names PINs that are there, and opens it to whom the specification says. */
function accessFaults(file: FileOnCard, { files, pins }: Decoded): string[] {
  const { path, rule } = file;
  if (rule === undefined) return []; // that of its template
  const domain = domainOf(path);
  const name = path || 'the MF';
  const arr = files.get(rule.arr === '2f06' ? '2f06' : `${domain}/${rule.arr}`);
  if (arr?.recordLength === undefined)
    return [`${name} has its access rule in ${rule.arr}, which is not there`];
  const record = arr.content.subarray((rule.record - 1) * arr.recordLength, rule.record * arr.recordLength);
  if (rule.record < 1 || record.length === 0)
    return [`${name} has the access rule ${rule.record} of ${rule.arr}, which is not there`];
  const rules = rulesIn(record); // an empty record lets nobody in: a published package of TS.48 has one
  const unknown = rules
    .flatMap(({ opens: who }) => (typeof who === 'string' ? [] : who))
    .filter((reference) => !isKnown(reference, domain, pins));
  return [
    ...unknown.map((reference) => `${name} is opened by ${hexOf(reference)}, which is no PIN`),
    ...openingFaults(file, rules),
  ];
}

/** A file is open to those whom the specification names, and to nobody else. */
function openingFaults({ path }: FileOnCard, rules: AccessRules): string[] {
  const [read, update] = access[path] ?? [];
  const [reads, updates] = [nameOf(opens(rules, READ)), nameOf(opens(rules, UPDATE))];
  return [
    ...unless(read === undefined || read === reads, `${path} is read by ${reads}, not ${read}`),
    ...unless(update === undefined || update === updates, `${path} is updated by ${updates}, not ${update}`),
  ];
}

function nameOf(condition: Condition): Access {
  if (condition === 'always' || condition === 'never') return condition;
  if (condition.includes(0x01)) return 'pin';
  return condition.includes(0x81) ? 'pin2' : 'adm';
}

function sfiFaults({ files }: Decoded): string[] {
  const seen = new Map<string, string>();
  return [...files.values()].flatMap(({ path, sfi }) => {
    if (sfi === undefined) return [];
    const key = `${path.slice(0, -4)}#${sfi}`;
    const other = seen.get(key);
    seen.set(key, path);
    return unless(other === undefined, `${path} has the SFI ${sfi} of ${other}`);
  });
}

function serviceFaults({ services, enabledServices }: UsimValues, { files }: Decoded): string[] {
  return [
    ...unless(services.includes(ALWAYS_SET), `EF.UST does not have the service ${ALWAYS_SET}`),
    ...services.flatMap((n) =>
      (filesOfService[n] ?? []).flatMap((path) =>
        unless(files.has(`7fd0/${path}`), `EF.UST has the service ${n}, but there is no file ${path}`),
      ),
    ),
    ...[1, 2, 3].flatMap((n) =>
      unless(
        !enabledServices.includes(n) || services.includes([2, 6, 35][n - 1] as number),
        `EF.EST enables ${n}, which EF.UST does not have`,
      ),
    ),
  ];
}

function valueFaults(usim: UsimValues, { header, files }: Decoded): string[] {
  const content = (fid: string) => files.get(`7fd0/${fid}`)?.content ?? new Uint8Array();
  return [
    ...unless(usim.iccid === header.iccid, `EF.ICCID is ${usim.iccid}, the header says ${header.iccid}`),
    ...unless(
      usim.mncLength === 2 || usim.mncLength === 3,
      `EF.AD says that the MNC has ${usim.mncLength} digits`,
    ),
    ...unless(content('6fad')[1] === 0 && content('6fad')[2] === 0, 'EF.AD has additional information'),
    ...unless(
      usim.accessClasses.length > 0 && !usim.accessClasses.includes(10),
      'EF.ACC has no usable class',
    ),
    ...unless(usim.emergencyNumbers.some(Boolean), 'EF.ECC has no number'),
    ...unless(isDeleted(content('6f7e').subarray(4)), 'EF.LOCI has a location area that looks real'),
    ...unless(isDeleted(content('6f73').subarray(7)), 'EF.PSLOCI has a location area that looks real'),
    ...unless((content('6f08')[0] ?? 0xff) === 7, 'EF.Keys does not say that there is no key (7)'),
  ];
}

/** A location area that was never used has the code 0000 or FFFE (TS 24.008 10.5.1.3). */
function isDeleted(area: Uint8Array): boolean {
  return ['0000', 'fffe'].includes(hex(area.subarray(3, 5)));
}

const usages = { 1: 0x18, 2: 0x14, 3: 0x48 } as const;

function domainFaults({ securityDomains, rfms, files, elements }: Decoded): string[] {
  const tars = [...securityDomains, ...rfms].flatMap(({ tars }) => tars);
  const ust = files.get('7fd0/6f38')?.content ?? new Uint8Array();
  const names = elements.map(({ name }) => name);
  const bySms = ((ust[3] ?? 0) & 0x08) !== 0;
  return [
    ...unless(new Set(tars).size === tars.length, 'a TAR is there twice'),
    ...unless(
      tars.length === 0 || bySms,
      'an application is reached over the air, but EF.UST lacks the service 28',
    ),
    ...unless(
      rfms.length === 0 ||
        (securityDomains.length > 0 && names.indexOf('securityDomain') < names.indexOf('rfm')),
      'remote file management comes before its security domain',
    ),
    ...rfms.flatMap(({ adf }) =>
      unless(
        adf === undefined || [...files.values()].some(({ aid }) => aid === adf),
        'remote file management has an ADF that is not there',
      ),
    ),
    ...securityDomains.flatMap(({ keys }) =>
      keys.flatMap(({ version, id, usage }) => [
        ...unless(version >= 1 && version <= 0x7f, `a key has the version ${version}`),
        ...unless(
          version > 0x0f || usages[id as keyof typeof usages] === usage,
          `the SCP80 key ${id} has the usage ${hexOf(usage)}`,
        ),
      ]),
    ),
    ...securityDomains.flatMap(({ keys }) =>
      [...new Set(keys.map(({ version }) => version))].flatMap((version) =>
        unless(
          version > 0x0f || keys.filter((key) => key.version === version).length === 3,
          `the key set ${version} is not ENC, MAC and DEK`,
        ),
      ),
    ),
  ];
}
