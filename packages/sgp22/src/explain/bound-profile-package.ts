import { concat, type Tlv } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '../asn1/bound-profile-package.ts';
import { MAC_LENGTH } from '../bpp/protect.ts';
import { type Node, tlvNode } from './node.ts';
import { EUICCResponse } from './type-names.ts';
import { childrenOf, tlvsIn, type View, walkType } from './walk.ts';

/** Views of the protected parts of a Bound Profile Package (2.5.4): number and lengths of the segments. */

function segmentsView(what: string): View {
  return (name, tlv) => {
    const children = childrenOf(tlv);
    return children && { ...tlvNode(name, tlv), value: `${countSegments(children)}: ${what}` };
  };
}

function countSegments(children: readonly Tlv[]): string {
  const lengths = children.map(({ content }) => content.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const count = `${children.length} ${children.length === 1 ? 'segment' : 'segments'}`;
  const last = lengths.at(-1) ?? 0;
  const sameLength = lengths.slice(0, -1).every((length) => length === lengths[0]);
  if (lengths.length === 1) return `${count} of ${total} octets`;
  if (lengths.length === 0) return count;
  return sameLength
    ? `${count}, ${lengths[0]} octets each, last ${last}, total ${total}`
    : `${count} of ${lengths.join(', ')} octets`;
}

/** sequenceOf88: the metadata in clear text, followed by MACs. */
const metadata: View = (name, tlv, walk) => {
  const children = childrenOf(tlv);
  if (children === undefined) return undefined;
  const clear = concat(...children.map(({ content }) => content.subarray(0, -MAC_LENGTH)));
  const inside =
    tlvsIn(clear)?.map((each) => walkType('StoreMetadataRequest', StoreMetadataRequest, each, walk)) ?? [];
  const node: Node = {
    ...tlvNode(name, tlv),
    value: `${countSegments(children)}: StoreMetadata, clear text with a MAC`,
  };
  return inside.length === 0 ? node : { ...node, children: inside };
};

/** The report of the eUICC about the profile elements: EUICCResponse inside an OCTET STRING. */
const simaResponse: View = (name, tlv, walk) => {
  const responses = tlvsIn(tlv.content);
  if (responses === undefined || responses.some(({ tag }) => tag !== 0x30)) return undefined;
  const children = responses.map((each) => walkType('EUICCResponse', EUICCResponse, each, walk));
  return { ...tlvNode(name, tlv), children };
};

export const packageViews: readonly (readonly [string, View])[] = [
  ['firstSequenceOf87', segmentsView('ConfigureISDP, encrypted')],
  ['sequenceOf88', metadata],
  ['secondSequenceOf87', segmentsView('ReplaceSessionKeys, encrypted')],
  ['sequenceOf86', segmentsView('the profile package, encrypted')],
  ['simaResponse', simaResponse],
];
