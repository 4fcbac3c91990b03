import { DerError, type Part, readAll, type Shape, type Tlv, type Type } from '@esim-rsp/codec';
import { ValueError } from '../value/value-error.ts';
import { describeValue, isSecret } from './formats.ts';
import { type ExplainOptions, HIDDEN, MAX_DEPTH, type Node, shortHex, tlvNode } from './node.ts';
import { typeName } from './type-names.ts';

/** Describes a type in a special way. Returns undefined if it cannot read the TLV. */
export type View = (name: string, tlv: Tlv, walk: Walk) => Node | undefined;

/** The state of describing one value as one type, and how well the type fits. */
export type Walk = ExplainOptions & {
  /** Name of the outermost type. */
  readonly root: string;
  /** Hides unknown octets too, because they may be secret here. */
  readonly hideUnknown?: boolean;
  /** Special views, by shape of the type or by field name. */
  readonly views: ReadonlyMap<Shape | string, View>;
  /** Counters, changed in place: recognized fields; and faults, which are fields that are missing, unknown or unreadable. */
  readonly fit: { known: number; faults: number };
  readonly depth: number;
};

/** Describes a TLV as a value of the type. Octets that do not fit the type are shown as they are. */
export function walkType(name: string, type: Type<unknown>, tlv: Tlv, walk: Walk): Node {
  if (!type.tags.includes(tlv.tag) || walk.depth > MAX_DEPTH) return unknownNode(name, tlv, walk);
  const secret = isSecret(name) && !walk.showSecrets;
  if (secret) return { ...recognizedNode(name, tlv, walk), value: HIDDEN };
  const view = walk.views.get(type.shape) ?? walk.views.get(name);
  const viewed = view?.(name, tlv, walk);
  if (viewed !== undefined) {
    walk.fit.known++;
    return viewed;
  }
  return walkShape(name, type, tlv, { ...walk, depth: walk.depth + 1 });
}

function walkShape(name: string, type: Type<unknown>, tlv: Tlv, walk: Walk): Node {
  const { shape } = type;
  if (shape.kind === 'value') return walkValue(name, type, tlv, walk);
  if (shape.kind === 'raw') return unknownInside(name, tlv, walk);
  if (shape.kind === 'choice') {
    const part = shape.alternatives.find((each) => each.type.tags.includes(tlv.tag)) as Part;
    const node = walkType(part.name, part.type, tlv, walk);
    return name === '' ? node : { ...node, name: `${name} (${node.name})` };
  }
  const children = childrenOf(tlv);
  if (children === undefined) return unknownNode(name, tlv, walk);
  const node = recognizedNode(name, tlv, walk);
  if (shape.kind === 'sequence')
    return { ...node, ...childrenOrEmpty(walkFields(shape.fields, children, walk)) };
  const { member } = shape;
  const title = (index: number) => {
    if (shape.kind === 'explicit') return member.shape.kind === 'choice' ? '' : (typeName(member) ?? name);
    return typeName(member) ?? (member.shape.kind === 'choice' ? '' : `${index + 1}`);
  };
  return {
    ...node,
    ...childrenOrEmpty(children.map((child, index) => walkType(title(index), member, child, walk))),
  };
}

/** Describes each child as the field with its tag, then lists the mandatory fields that are missing. */
function walkFields(fields: readonly Part[], children: readonly Tlv[], walk: Walk): Node[] {
  const left = new Set(fields);
  const nodes = children.map((child) => {
    const matches = ({ type }: Part) => type.tags.includes(child.tag);
    const field = [...left].find(matches) ?? fields.find(matches);
    if (field === undefined) return unknownNode('unknown', child, walk);
    if (!left.has(field)) walk.fit.faults++; // it occurs twice
    left.delete(field);
    return walkType(field.name, field.type, child, walk);
  });
  const missing = [...left].filter(({ mandatory }) => mandatory);
  walk.fit.faults += missing.length;
  return [...nodes, ...missing.map(({ name }) => ({ name, value: 'missing' }))];
}

function walkValue(name: string, type: Type<unknown>, tlv: Tlv, walk: Walk): Node {
  try {
    const value = describeValue({ root: walk.root, name, options: walk }, type, tlv);
    return { ...recognizedNode(name, tlv, walk), value };
  } catch (error) {
    if (!(error instanceof DerError || error instanceof ValueError)) throw error;
    walk.fit.faults++;
    const hidden = walk.hideUnknown || name === 'matchingId';
    const octets = hidden && !walk.showSecrets ? HIDDEN : shortHex(tlv.content);
    return { ...tlvNode(name, tlv), value: `${octets} (cannot be read: ${error.message})` };
  }
}

function recognizedNode(name: string, tlv: Tlv, walk: Walk): Node {
  walk.fit.known++;
  return tlvNode(name, tlv);
}

/** Describes an unknown TLV: tag, length, and octets or children. Counts a fault. */
export function unknownNode(name: string, tlv: Tlv, walk: Walk): Node {
  walk.fit.faults++;
  return unknownInside(name, tlv, walk);
}

/** The same without a fault, for content that is not specified. */
export function unknownInside(name: string, tlv: Tlv, walk: Walk): Node {
  if (walk.hideUnknown && !walk.showSecrets) return { ...tlvNode(name, tlv), value: HIDDEN };
  const children = tlv.constructed && walk.depth < MAX_DEPTH ? childrenOf(tlv) : undefined;
  if (children !== undefined) {
    const deeper = { ...walk, depth: walk.depth + 1 };
    return {
      ...tlvNode(name, tlv),
      ...childrenOrEmpty(children.map((child) => unknownInside('unknown', child, deeper))),
    };
  }
  return { ...tlvNode(name, tlv), value: shortHex(tlv.content) };
}

/** The TLVs inside; undefined if they cannot be read. */
export function childrenOf(tlv: Tlv): Tlv[] | undefined {
  try {
    return tlv.children();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** The octets as a series of TLVs; undefined if they cannot be read. */
export function tlvsIn(octets: Uint8Array): Tlv[] | undefined {
  try {
    return readAll(octets);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function childrenOrEmpty(children: readonly Node[]): Pick<Node, 'children' | 'value'> {
  return children.length === 0 ? { value: 'empty' } : { children };
}
