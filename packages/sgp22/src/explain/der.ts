import { DerError, readAll, type Shape, type Tlv, type Type } from '@esim-rsp/codec';
import { BoundProfilePackage } from '../asn1/bound-profile-package.ts';
import { Certificate } from '../asn1/pkix.ts';
import { type Es9Name, es9plus } from '../functions/es9plus.ts';
import { ValueError } from '../value/value-error.ts';
import { packageViews } from './bound-profile-package.ts';
import { certificateView } from './certificate.ts';
import { describeStatus } from './describe-status.ts';
import { type ExplainOptions, type Node, tlvNode } from './node.ts';
import { areProfileElements, profilePackageNode } from './profile-package.ts';
import { bindingTypes, typesWithTag } from './type-names.ts';
import { unknownNode, type View, type Walk, walkType } from './walk.ts';

const views: ReadonlyMap<Shape | string, View> = new Map<Shape | string, View>([
  [Certificate.shape, certificateView],
  ...packageViews,
  [
    'boundProfilePackage',
    (name, tlv, walk) => walkType(name, BoundProfilePackage, tlv, { ...walk, views: viewsInsidePackage() }),
  ],
]);

/** All views except that of the whole package, which would call itself. */
function viewsInsidePackage(): ReadonlyMap<Shape | string, View> {
  return new Map([...views].filter(([key]) => key !== 'boundProfilePackage'));
}

function newWalk(root: string, options: ExplainOptions): Walk {
  return { ...options, root, views, fit: { known: 0, faults: 0 }, depth: 0 };
}

/** Describes DER: any message of SGP.22, a certificate or a profile package. Throws a ValueError if the octets are not DER. */
export function describe(bytes: Uint8Array, options: ExplainOptions = {}): Node {
  const tlvs = readTlvs(bytes);
  if (areProfileElements(tlvs)) return profilePackageNode(bytes, tlvs, newWalk('profile package', options));
  const nodes = tlvs.map((tlv) => describeTlv(tlv, options));
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only;
  return { name: `${nodes.length} values in a row`, length: bytes.length, children: nodes };
}

function readTlvs(bytes: Uint8Array): Tlv[] {
  if (bytes.length === 0) throw new ValueError('the input is empty');
  try {
    return readAll(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    // The reason reveals some of the octets, which may be a key. So it is included only if the first tag is known.
    const tag = (bytes[0] as number) === 0xbf ? 256 * 0xbf + (bytes[1] ?? 0) : (bytes[0] as number);
    const why = typesWithTag(tag).length > 0 ? `: ${error.message}` : '';
    throw new ValueError(`the ${bytes.length} octets are not DER${why}`);
  }
}

/** Describes a TLV as the type that fits best, of all types with its tag. */
function describeTlv(tlv: Tlv, options: ExplainOptions): Node {
  const tries = candidateTypes(tlv).map(([name, type, view]) => {
    const walk = newWalk(name, options);
    const walked = view === undefined ? walk : { ...walk, views: new Map([...views, ...view]) };
    return { name, node: walkType(name, type, tlv, walked), ...walk.fit };
  });
  const [best] = tries.sort((a, b) => a.faults - b.faults || b.known - a.known);
  // A tag of two octets identifies the type. A tag of one octet does so only if most of the content fits.
  const certain = tlv.tag > 0xff;
  if (best === undefined || (!certain && best.faults >= best.known))
    return unknownNode('unknown', tlv, newWalk('', options));
  const others = tries.filter(
    ({ name, faults, known }) => name !== best.name && faults === best.faults && known === best.known,
  );
  if (others.length === 0) return best.node;
  return { ...best.node, name: [best, ...others].map(({ name }) => name).join(' or ') };
}

type Candidate = readonly [name: string, type: Type<unknown>, views?: ReadonlyMap<string, View>];

function candidateTypes(tlv: Tlv): Candidate[] {
  const empty = tlv.content.length === 0;
  const types = typesWithTag(tlv.tag).filter(([, { shape }]) => {
    const hasFields = shape.kind !== 'sequence' || shape.fields.length > 0;
    return hasFields !== (empty && shape.kind === 'sequence' && tlv.tag > 0xff);
  });
  return [...types, ...bindingCandidates.filter(([, type]) => type.tags.includes(tlv.tag))];
}

/** The messages of the ASN.1 binding, and the content of a successful response. */
const bindingCandidates: readonly Candidate[] = bindingTypes.map(({ name, type, responseTo }) =>
  responseTo === undefined ? [name, type] : [name, type, new Map([['error', errorView(responseTo)]])],
);

/** The error number of a refusal with the subject and reason codes that it means. */
function errorView(name: Es9Name): View {
  const codes: Readonly<Record<string, number>> = es9plus[name].errors;
  return (title, tlv) => {
    const number = tlv.content.length === 1 ? tlv.content[0] : undefined;
    if (number === undefined) return undefined;
    const found = Object.keys(codes).filter((code) => codes[code] === number);
    const words = found.map((code) => describeStatus(...(code.split('/') as [string, string])));
    const otherwise = number === 127 ? 'undefinedError' : 'unknown to SGP.22';
    const meaning = words.length > 0 ? `for ${words.join(' or ')}` : otherwise;
    return { ...tlvNode(title, tlv), value: `${number} ${meaning}` };
  };
}
