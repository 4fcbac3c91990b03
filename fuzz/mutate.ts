import { concat, DerError, encodeHeader, readAt, type Tlv, tlv } from '@esim-rsp/codec';
import type { Chance } from './chance.ts';

/** Mutates an input. It may take parts from `other`. */
export type Mutate = (input: Uint8Array, other: Uint8Array, chance: Chance) => Uint8Array;

const MAX_INPUT = 65_536;
const NOTABLE = [0x00, 0x01, 0x1f, 0x20, 0x30, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0x9f, 0xbf, 0xff];

/** Mutates octets, mostly as TLVs, otherwise as plain octets. Sometimes it makes several changes. */
export const mutateDer: Mutate = (input, other, chance) => {
  let changed = input;
  for (let times = 1 + chance.number(3); times > 0; times--)
    changed = (chance.number(4) === 0 ? mutateOctets : mutateTlvs)(changed, other, chance);
  return changed.subarray(0, MAX_INPUT);
};

/** Mostly keeps the first octet, which selects how the rest is used. */
export function behindSelector(mutate: Mutate, choices: number): Mutate {
  return (input, other, chance) => {
    const selector = chance.number(20) === 0 ? chance.number(choices) : (input[0] ?? 0);
    return concat(Uint8Array.of(selector), mutate(input.subarray(1), other.subarray(1), chance));
  };
}

/** Changes octets without knowledge of their meaning. */
export const mutateOctets: Mutate = (input, other, chance) => {
  const at = chance.number(input.length + 1);
  const [before, after] = [input.subarray(0, at), input.subarray(at)];
  const set = (octet: number) => concat(before, Uint8Array.of(octet), after.subarray(1));
  switch (chance.number(6)) {
    case 0:
      return set((after[0] ?? 0) ^ (1 << chance.number(8)));
    case 1:
      return set(chance.pick(NOTABLE));
    case 2:
      return before;
    case 3:
      return concat(before, after.subarray(1 + chance.number(8)));
    case 4:
      return concat(before, chance.octets(1 + chance.number(8)), after);
    default:
      return concat(before, other.subarray(chance.number(other.length + 1)));
  }
};

type Path = readonly { readonly siblings: readonly Tlv[]; readonly at: number }[];

/** Replaces, doubles, removes or changes one TLV anywhere, and adjusts the lengths around it. */
const mutateTlvs: Mutate = (input, other, chance) => {
  const path = somewhere(input, chance);
  const found = path.at(-1);
  if (found === undefined) return mutateOctets(input, other, chance);
  const members = found.siblings.map(({ bytes }) => bytes);
  const own = members[found.at] as Uint8Array;
  const donor = tlvIn(other, chance) ?? chance.octets(3);
  return rebuilt(path, members.toSpliced(found.at, 1, ...instead(found, own, donor, chance)));
};

function instead({ siblings, at }: Path[number], own: Uint8Array, donor: Uint8Array, chance: Chance) {
  const { tag, content } = siblings[at] as Tlv;
  const head = encodeHeader(tag, content.length);
  switch (chance.number(9)) {
    case 0:
      return [donor];
    case 1:
      return [own, own];
    case 2:
      return [];
    case 3:
      return [own, donor];
    case 4: // another tag
      return [tlv(chance.pick([tag ^ (1 << chance.number(8)), chance.pick(NOTABLE) || 1]), content)];
    case 5: // a wrong length
      return [
        concat(encodeHeader(tag, Math.max(0, content.length + chance.pick([-2, -1, 1, 2, 128]))), content),
      ];
    case 6: // a length in another form
      return [concat(head.subarray(0, -1), Uint8Array.of(chance.pick(NOTABLE)), content)];
    case 7: // other content of the same or another size
      return [tlv(tag, chance.octets(chance.pick([0, 1, content.length, 16, 300])))];
    default:
      return [tlv(tag, mutateOctets(content, donor, chance))];
  }
}

/** Chooses a path to one TLV. Each level down has a probability of one half. */
function somewhere(input: Uint8Array, chance: Chance): Path {
  const path: Path[number][] = [];
  let siblings = leading(input);
  while (siblings.length > 0) {
    const at = chance.number(siblings.length);
    path.push({ siblings, at });
    const chosen = siblings[at] as Tlv;
    if (!chosen.constructed || chance.number(4) === 0) break;
    siblings = leading(chosen.content);
  }
  return path;
}

/** Splits octets into the TLVs at their beginning and the rest. */
function leading(octets: Uint8Array): Tlv[] {
  const found: Tlv[] = [];
  try {
    for (let at = 0; at < octets.length; at = found.at(-1)?.end ?? octets.length)
      found.push(readAt(octets, at));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  return found;
}

function tlvIn(octets: Uint8Array, chance: Chance): Uint8Array | undefined {
  const found = somewhere(octets, chance).at(-1);
  return found?.siblings[found.at]?.bytes;
}

function rebuilt(path: Path, members: readonly Uint8Array[]): Uint8Array {
  const content = concat(...members);
  const outer = path.at(-2);
  if (outer === undefined) return content;
  const { tag } = outer.siblings[outer.at] as Tlv;
  const around = outer.siblings.map(({ bytes }) => bytes);
  return rebuilt(path.slice(0, -1), around.with(outer.at, tlv(tag, content)));
}

const PIECES = ['$', '1', '0', 'LPA:1$', '.', ':', '-', 'F', ' ', '\0', 'é', '😀', '٣', '\n', '9'.repeat(40)];

/** Mutates text, by characters. */
export const mutateText: Mutate = (input, other, chance) => {
  const [text, donor] = [input, other].map((octets) => [...new TextDecoder().decode(octets)]);
  const characters = text as string[];
  const at = chance.number(characters.length + 1);
  const piece = chance.number(3) === 0 ? (donor as string[]).slice(chance.number(20)) : [chance.pick(PIECES)];
  const times = chance.pick([1, 1, 1, 2, 300]);
  const more = Array.from({ length: times }, () => piece.slice(0, 3000 / times)).flat();
  const changed = characters.toSpliced(at, chance.number(4), ...(chance.number(3) === 0 ? [] : more));
  return new TextEncoder().encode(changed.slice(0, 5000).join(''));
};

const ODD: readonly unknown[] = [null, true, 0, -1, '', ' ', '=', 'AA', 'A'.repeat(70_000), [], {}, [['x']]];

/** Mutates a JSON object whose members are DER in base64, hexadecimal or text. */
export const mutateJson: Mutate = (input, other, chance) => {
  const [body, donor] = [objectIn(input), objectIn(other)];
  const [name, value] = chance.pick(Object.entries(body ?? {})) ?? [];
  const choice = chance.number(12);
  if (choice === 0 || name === undefined) return mutateText(input, other, chance);
  const withValue = (changed: unknown) =>
    new TextEncoder().encode(JSON.stringify({ ...body, [name]: changed }));
  const octetsOf = (text: unknown) => Uint8Array.from(Buffer.from(String(text), 'base64'));
  if (choice === 1) return withValue(chance.pick(ODD));
  if (choice === 2) return withValue(undefined);
  if (choice === 3) return withValue(chance.pick(Object.values(donor ?? {})));
  if (choice === 4 || name === 'smdpAddress' || name === 'transactionId') {
    const text = new TextEncoder().encode(String(value));
    return withValue(new TextDecoder().decode(mutateText(text, other, chance)));
  }
  const donated = octetsOf(chance.pick(Object.values(donor ?? {})));
  return withValue(Buffer.from(mutateDer(octetsOf(value), donated, chance)).toString('base64'));
};

/** Mutates the members of a JSON object. */
export function objectIn(input: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(input));
    return typeof read === 'object' && read !== null ? { ...read } : undefined;
  } catch {
    return undefined;
  }
}
