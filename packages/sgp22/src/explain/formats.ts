import {
  formatTag,
  objectIdentifier,
  readAll,
  type Shape,
  type Tlv,
  type Type,
  toHex,
} from '@esim-rsp/codec';
import { authenticateErrorCodes } from '../asn1/authentication.ts';
import { notificationEvents, profileClasses } from '../asn1/bound-profile-package.ts';
import { Aid, Iccid, PublicKey, Signature, VersionType } from '../asn1/common.ts';
import { cancelSessionReasons, downloadErrorCodes } from '../asn1/download.ts';
import { bppCommandIds, errorReasons } from '../asn1/notification.ts';
import { eidFromBytes } from '../value/eid.ts';
import { iccidFromBcd, iccidFromSwappedBcd } from '../value/iccid.ts';
import { type ExplainOptions, HIDDEN, shortHex, shortText } from './node.ts';
import { describeOid } from './oid-names.ts';

/** How values are displayed, by field name. */

type Numbers = Readonly<Record<string, number>>;
type Format = (value: unknown) => string;

/** The value of a field that is an OCTET STRING. */
const octets = (value: unknown) => value as Uint8Array;

function numberOf(numbers: Numbers): Format {
  const nameOf = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return (value) => `${value} ${nameOf.get(value as number) ?? 'unknown to SGP.22'}`;
}

function bitsOf(names: Numbers): Format {
  const nameOf = new Map(Object.entries(names).map(([name, bit]) => [bit, name]));
  return (value) => {
    const bits = [...(value as ReadonlySet<number>)].sort((a, b) => a - b);
    return bits.length === 0 ? 'none' : bits.map((bit) => nameOf.get(bit) ?? `bit ${bit}`).join(', ');
  };
}

const bitsInOrder = (...names: string[]) => bitsOf(Object.fromEntries(names.map((name, bit) => [name, bit])));

const swapped = (bytes: Uint8Array) => toHex(bytes).replace(/(.)(.)/g, '$2$1');

/** 3GPP TS 24.008 10.5.1.13: the third digit of the MNC is in the second octet. */
function mccMnc(value: unknown): string {
  const [a, b, c, mnc3, mnc1, mnc2] = swapped(octets(value));
  return `MCC ${a}${b}${c}, MNC ${mnc1}${mnc2}${mnc3 === 'f' ? '' : mnc3}`;
}

const version: Format = (value) => octets(value).join('.');

const ppr = bitsInOrder(
  'pprUpdateControl',
  'ppr1 (the profile may not be disabled)',
  'ppr2 (the profile may not be deleted)',
);

/** extCardResource: three TLVs without a wrapper (ETSI TS 102 226). */
const resource: Format = (value) => {
  const names: Readonly<Record<number, string>> = {
    129: 'installed applications',
    130: 'octets of free non-volatile memory',
    131: 'octets of free volatile memory',
  };
  const number = (content: Uint8Array) => content.reduce((sum, octet) => sum * 256 + octet, 0);
  return readAll(octets(value))
    .map(({ tag, content }) => `${number(content)} ${names[tag] ?? `of ${formatTag(tag)}`}`)
    .join(', ');
};

/** Two nibbles: the maximum number of attempts, and the attempts that are left. */
const attempts: Format = (value) => `${(value as number) & 15} of ${((value as number) >> 4) & 15} left`;

const switched = { ok: 0, iccidOrAidNotFound: 1, disallowedByPolicy: 3, catBusy: 5, undefinedError: 127 };

/** An entry `Type.field` takes precedence over `field`. */
const byName: Readonly<Record<string, Format>> = {
  authenticateErrorCode: numberOf(authenticateErrorCodes),
  downloadErrorCode: numberOf(downloadErrorCodes),
  reason: numberOf(cancelSessionReasons),
  cancelSessionResponseError: numberOf({ invalidTransactionId: 5, undefinedError: 127 }),
  bppCommandId: numberOf(bppCommandIds),
  errorReason: numberOf(errorReasons),
  profileInfoListError: numberOf({ incorrectInputValues: 1, undefinedError: 127 }),
  listNotificationsResultError: numberOf({ undefinedError: 127 }),
  notificationsListResultError: numberOf({ noResultAvailable: 1, undefinedError: 127 }),
  'EnableProfileResponse.result': numberOf({
    ...switched,
    profileNotInDisabledState: 2,
    wrongProfileReenabling: 4,
  }),
  'DisableProfileResponse.result': numberOf({ ...switched, profileNotInEnabledState: 2 }),
  'DeleteProfileResponse.result': numberOf({ ...switched, profileNotInDisabledState: 2 }),
  'SetNicknameResponse.result': numberOf({ ok: 0, iccidNotFound: 1, undefinedError: 127 }),
  'EuiccMemoryResetResponse.result': numberOf({ ok: 0, nothingToDelete: 1, catBusy: 5, undefinedError: 127 }),
  result: numberOf({ ok: 0, nothingToDelete: 1, undefinedError: 127 }),
  resetOptions: bitsInOrder(
    'deleteOperationalProfiles',
    'deleteFieldLoadedTestProfiles',
    'resetDefaultSmdpAddress',
  ),
  profileManagementOperation: bitsOf(notificationEvents),
  profileClass: numberOf(profileClasses),
  profileState: numberOf({ disabled: 0, enabled: 1 }),
  iconType: numberOf({ jpg: 0, png: 1 }),
  profilePolicyRules: ppr,
  forbiddenProfilePolicyRules: ppr,
  pprIds: ppr,
  pprFlags: bitsInOrder('consentRequired'),
  euiccCategory: numberOf({ other: 0, basicEuicc: 1, mediumEuicc: 2, contactlessEuicc: 3 }),
  rspCapability: bitsInOrder(
    'additionalProfile',
    'crlSupport',
    'rpmSupport',
    'testProfileSupport',
    'deviceInfoExtensibilitySupport',
    'serviceSpecificDataSupport',
  ),
  treProperties: bitsInOrder('isDiscrete', 'isIntegrated', 'usesRemoteMemory'),
  uiccCapability: bitsOf({
    contactlessSupport: 0,
    usimSupport: 1,
    isimSupport: 2,
    csimSupport: 3,
    akaMilenage: 4,
    akaCave: 5,
    akaTuak128: 6,
    akaTuak256: 7,
    usimTestAlgorithm: 8,
    gbaAuthenUsim: 10,
    gbaAuthenISim: 11,
    mbmsAuthenUsim: 12,
    eapClient: 13,
    javacard: 14,
    multos: 15,
    multipleUsimSupport: 16,
    multipleIsimSupport: 17,
    multipleCsimSupport: 18,
    berTlvFileSupport: 19,
    dfLinkSupport: 20,
    catTp: 21,
    getIdentity: 22,
    'profile-a-x25519': 23,
    'profile-b-p256': 24,
    suciCalculatorApi: 25,
    dnsResolution: 26,
    scp11ac: 27,
    'scp11c-authorization-mechanism': 28,
    s16mode: 29,
    eaka: 30,
    iotminimal: 31,
  }),
  remoteOpId: numberOf({ installBoundProfilePackage: 1 }),
  keyType: (value) => (octets(value)[0] === 0x88 ? '88 AES' : shortHex(octets(value))),
  keyLen: (value) => `${octets(value)[0]} octets`,
  transactionId: (value) => (typeof value === 'string' ? value : toHex(octets(value)).toUpperCase()),
  eidValue: (value) => eidFromBytes(octets(value)),
  tac: (value) => swapped(octets(value)),
  imei: (value) => swapped(octets(value)).replace(/f$/, ''),
  mccMnc,
  'profile package.iccid': (value) => iccidFromBcd(octets(value)),
  smdpOid: (value) => describeOid(typeof value === 'string' ? value : decodeOid(octets(value))),
  extCardResource: resource,
  status: numberOf({
    ok: 0,
    'pe-not-supported': 1,
    'memory-failure': 2,
    'bad-values': 3,
    'not-enough-memory': 4,
    'invalid-request-format': 5,
    'invalid-parameter': 6,
    'runtime-not-supported': 7,
    'lib-not-supported': 8,
    'template-not-supported': 9,
    'feature-not-supported': 10,
    'pin-code-missing': 11,
    'unsupported-profile-version': 31,
  }),
  algorithmID: numberOf({ milenage: 1, tuak: 2, 'usim-test': 3 }),
  maxNumOfAttempsRetryNumLeft: attempts,
  pinReference: numberOf({ PIN1: 1, ADM1: 10, ADM2: 11, PIN2: 129, 'second PIN1': 2, 'second PIN2': 130 }),
  unblockingPINReference: numberOf({ PUK1: 1, PUK2: 129, 'second PUK1': 2, 'second PUK2': 130 }),
  pukReference: numberOf({ PUK1: 1, PUK2: 129, 'second PUK1': 2, 'second PUK2': 130 }),
};

const byShape: ReadonlyMap<Shape, Format> = new Map<Shape, Format>([
  [VersionType.shape, version],
  [Iccid.shape, (value) => iccidFromSwappedBcd(octets(value))],
  [Aid.shape, (value) => toHex(octets(value)).toUpperCase()],
  [Signature.shape, (value) => toHex(octets(value)).toUpperCase()],
  [PublicKey.shape, (value) => toHex(octets(value)).toUpperCase()],
  [objectIdentifier.shape, (value) => describeOid(value as string)],
]);

function decodeOid(content: Uint8Array): string {
  return objectIdentifier.read({ content } as Tlv);
}

/** Fields whose whole value is secret. */
const secret: ReadonlySet<string> = new Set([
  'hashCc',
  'ppkEnc',
  'ppkCmac',
  'initialMacChainingValue',
  'privateKey',
  'pinValue',
  'pukValue',
  'key',
  'opc',
  'keyData',
]);

/** Hides a MatchingID except its last four characters; all of it if it is shorter than eight. */
export function maskMatchingId(text: string, { showSecrets }: ExplainOptions): string {
  if (text === '') return 'empty: the SM-DP+ finds the order by the EID';
  if (showSecrets) return shortText(text);
  return text.length < 8 ? HIDDEN : shortText(`${'*'.repeat(text.length - 4)}${text.slice(-4)}`);
}

export function isSecret(name: string): boolean {
  return secret.has(name);
}

/** The text of a field's value. Throws a DerError or ValueError if it cannot be read. */
export function describeValue(
  place: { root: string; name: string; options: ExplainOptions },
  type: Type<unknown>,
  tlv: Tlv,
): string {
  const { root, name, options } = place;
  if (isSecret(name) && !options.showSecrets) return HIDDEN;
  const value = unwrapDer(type.read(tlv));
  if (name === 'matchingId') return maskMatchingId(value as string, options);
  const format = byName[`${root}.${name}`] ?? byName[name] ?? byShape.get(type.shape);
  return format === undefined ? formatUntyped(value) : format(value);
}

/** The value of a `Der`, or any other value unchanged. */
function unwrapDer(value: unknown): unknown {
  const isDer = typeof value === 'object' && value !== null && 'bytes' in value && 'value' in value;
  return isDer ? value.value : value;
}

function formatUntyped(value: unknown): string {
  if (value instanceof Uint8Array) return shortHex(value);
  if (value instanceof Set) return bitsOf({})(value);
  if (typeof value === 'string') return `'${shortText(value)}'`;
  return value === null ? 'NULL' : String(value);
}
