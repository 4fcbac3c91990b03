import { DerError, decode } from '@esim-rsp/codec';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  CertificatePolicies,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  type Extension,
  GeneralNames,
  KeyIdentifier,
  KeyUsage,
  NameConstraints,
  PermittedEins,
} from '../asn1/pkix.ts';
import { type Attribute, attributesOf, valuesOf } from './name.ts';
import { attributeIds, type ExtensionName, extensionIds, type KeyUsageName, keyUsages } from './roles.ts';

/** The EIDs that an EUM may issue: those that start with `eidPrefix`, in a subject that has all of `attributes` (4.5.2.1.0.2). */
export type EidRange = { readonly eidPrefix: string; readonly attributes: readonly Attribute[] };

/** The values of a certificate's extensions. The field of an absent extension is empty. */
export type ExtensionValues = {
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly authorityKeyIdentifier?: Uint8Array;
  readonly keyUsage: readonly KeyUsageName[];
  readonly extendedKeyUsage: readonly string[];
  readonly isCa: boolean;
  readonly pathLength?: number;
  /** Dotted OIDs, among them that of the role. */
  readonly policies: readonly string[];
  /** Dotted OIDs. In a certificate of an SM-DP+ it is the OID of the SM-DP+. */
  readonly registeredIds: readonly string[];
  readonly dnsNames: readonly string[];
  /** Four or sixteen octets each. */
  readonly ipAddresses: readonly Uint8Array[];
  readonly crlUris: readonly string[];
  /** From the name constraints of an EUM certificate. */
  readonly eidRanges?: readonly EidRange[];
  /** EIN prefixes from the extension of SGP.22 v3. */
  readonly permittedEins?: readonly string[];
  /** Dotted OIDs of critical extensions that are not supported. Every chain check refuses such a certificate. */
  readonly unknownCritical: readonly string[];
};

const NOTHING: ExtensionValues = {
  keyUsage: [],
  extendedKeyUsage: [],
  isCa: false,
  policies: [],
  registeredIds: [],
  dnsNames: [],
  ipAddresses: [],
  crlUris: [],
  unknownCritical: [],
};

type Read = (value: Uint8Array) => Partial<ExtensionValues>;

const readers: { readonly [K in ExtensionName]: Read } = {
  subjectKeyIdentifier: (value) => ({ subjectKeyIdentifier: decode(KeyIdentifier, value) }),
  authorityKeyIdentifier: (value) => {
    const { keyIdentifier } = decode(AuthorityKeyIdentifier, value);
    return keyIdentifier === undefined ? {} : { authorityKeyIdentifier: keyIdentifier };
  },
  keyUsage: (value) => {
    const bits = decode(KeyUsage, value);
    return { keyUsage: keyUsages.filter((_, bit) => bits.has(bit)) };
  },
  extendedKeyUsage: (value) => ({ extendedKeyUsage: decode(ExtendedKeyUsage, value) }),
  basicConstraints: (value) => {
    const { cA, pathLenConstraint } = decode(BasicConstraints, value);
    return { isCa: cA, ...(pathLenConstraint === undefined ? {} : { pathLength: pathLenConstraint }) };
  },
  certificatePolicies: (value) => ({
    policies: decode(CertificatePolicies, value).map(({ policyIdentifier }) => policyIdentifier),
  }),
  subjectAltName: (value) => {
    const names = decode(GeneralNames, value);
    return {
      registeredIds: names.flatMap((name) => ('registeredID' in name ? [name.registeredID] : [])),
      dnsNames: names.flatMap((name) => ('dNSName' in name ? [name.dNSName] : [])),
      ipAddresses: names.flatMap((name) => ('iPAddress' in name ? [name.iPAddress] : [])),
    };
  },
  cRLDistributionPoints: (value) => ({
    crlUris: decode(CRLDistributionPoints, value)
      .flatMap((point) => point.distributionPoint ?? [])
      .flatMap((name) => ('uniformResourceIdentifier' in name ? [name.uniformResourceIdentifier] : [])),
  }),
  nameConstraints: (value) => ({ eidRanges: eidRanges(value) }),
  permittedEins: (value) => ({
    permittedEins: decode(PermittedEins, value).filter((prefix) => prefix !== ''),
  }),
};

/**
 * The permitted directory names as ranges of EIDs. A name without serialNumber permits no EID, and names of other
 * kinds are ignored. Excluded subtrees have no use in RSP: they are refused, not ignored.
 */
function eidRanges(value: Uint8Array): EidRange[] {
  const { permittedSubtrees = [], excludedSubtrees } = decode(NameConstraints, value);
  if (excludedSubtrees !== undefined) throw new DerError('excluded subtrees are not supported');
  return permittedSubtrees.flatMap(({ base }) => {
    if (!('directoryName' in base)) return [];
    const attributes = attributesOf(base.directoryName);
    const others = attributes.filter(({ type }) => type !== attributeIds.serialNumber);
    const [eidPrefix, ...more] = valuesOf(attributes, 'serialNumber').filter((prefix) => prefix !== '');
    return eidPrefix === undefined || more.length > 0 ? [] : [{ eidPrefix, attributes: others }];
  });
}

const nameOfId = new Map<string, ExtensionName>(
  (Object.entries(extensionIds) as [ExtensionName, string][]).map(([name, id]) => [id, name]),
);

/** Reads the extensions RSP uses and lists the critical ones it does not know; one that occurs twice is an error. */
export function readExtensions(extensions: readonly Extension[]): ExtensionValues {
  const values = { ...NOTHING };
  const unknownCritical: string[] = [];
  const seen = new Set<string>();
  for (const { extnID, critical, extnValue } of extensions) {
    if (seen.has(extnID)) throw new DerError('occurs twice', ['extensions', nameOfId.get(extnID) ?? extnID]);
    seen.add(extnID);
    const name = nameOfId.get(extnID);
    if (name !== undefined) Object.assign(values, readExtension(name, extnValue));
    else if (critical) unknownCritical.push(extnID);
  }
  return { ...values, unknownCritical };
}

function readExtension(name: ExtensionName, value: Uint8Array): Partial<ExtensionValues> {
  try {
    return readers[name](value);
  } catch (error) {
    throw error instanceof DerError ? error.within(name).within('extensions') : error;
  }
}
