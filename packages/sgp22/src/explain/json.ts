import { fromBase64, toHex } from '@esim-rsp/codec';
import type { Field, Message } from '../functions/binding.ts';
import { type Es9Function, es9plus } from '../functions/es9plus.ts';
import { ValueError } from '../value/value-error.ts';
import { activationCodeNode } from './activation-code.ts';
import { describe } from './der.ts';
import { describeReason, describeSubject } from './describe-status.ts';
import { maskMatchingId } from './formats.ts';
import { type ExplainOptions, HIDDEN, MAX_DEPTH, type Node, shortText } from './node.ts';

/** Describes a JSON body (6.5) member by member. Throws a ValueError. */
export function jsonNode(text: string, options: ExplainOptions): Node {
  const body = parseJson(text);
  const node = memberNode('JSON', body, options, 0);
  return { ...node, name: titleOf(body) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message of JSON.parse quotes the text, which may be secret.
    if (error instanceof SyntaxError)
      throw new ValueError('the input starts like JSON but is not valid JSON');
    throw error;
  }
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The ES9+ functions whose members are all present. */
function titleOf(body: unknown): string {
  if (!isObject(body)) return 'JSON';
  const titles = Object.entries<Es9Function>(es9plus as never).flatMap(
    ([name, { section, request, response }]) => [
      ...(hasAllMembers(body, request) ? [`request of ES9+.${capitalize(name)} (${section})`] : []),
      ...(response && hasAllMembers(body, response)
        ? [`response of ES9+.${capitalize(name)} (${section})`]
        : []),
    ],
  );
  return titles.length > 0
    ? titles.join(' or ')
    : 'header' in body
      ? 'JSON message of ES2+ or ES9+'
      : 'JSON object';
}

function hasAllMembers(body: Members, message: Message): boolean {
  const names = Object.keys(message);
  return names.length > 0 && names.every((name) => Object.hasOwn(body, name));
}

function capitalize(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function memberNode(name: string, value: unknown, options: ExplainOptions, depth: number): Node {
  const title = shortText(name);
  const normal = name.replaceAll('_', '').toLowerCase();
  if (secretMembers.has(normal) && !options.showSecrets && value !== null)
    return { name: title, value: HIDDEN };
  if (typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value)
      ? value.map((each, i) => [`${i + 1}`, each] as const)
      : Object.entries(value);
    if (entries.length === 0) return { name: title, value: 'empty' };
    if (depth >= MAX_DEPTH) return { name: title, value: `${entries.length} members, nested too deeply` };
    return { name: title, children: entries.map(([key, each]) => memberNode(key, each, options, depth + 1)) };
  }
  if (typeof value !== 'string') return { name: title, value: String(value) };
  return { ...textNode(name, normal, value, options), name: title };
}

/** Names of secret members of any interface, in lower case and without `_`. */
const secretMembers: ReadonlySet<string> = new Set(
  `confirmationcode confirmationcodehash hashcc ki k opc op topc pin1 pin2 puk1 puk2 pin puk adm adm1 adm2 isdkeys otskdp
  privatekey secret password token apikey accesstoken authorization ppkenc ppkcmac senc smac`.split(/\s+/),
);

function textNode(name: string, normal: string, text: string, options: ExplainOptions): Omit<Node, 'name'> {
  if (normal === 'matchingid' || normal === 'actoken') return { value: maskMatchingId(text, options) };
  if (name === 'subjectCode') return { value: describeSubject(shortText(text)) };
  if (name === 'reasonCode') return { value: describeReason(shortText(text)) };
  if (/^(?:LPA:)?1\$/i.test(text)) return codeNode(text, options);
  const field = fields.get(name);
  if (field?.description.startsWith('base64')) return base64Node(field, text, options);
  return (field === undefined && derInside(text, options)) || { value: shortText(text) };
}

const fields: ReadonlyMap<string, Field<unknown>> = new Map(
  Object.values<Es9Function>(es9plus as never).flatMap(({ request, response }) => [
    ...Object.entries(request),
    ...Object.entries(response ?? {}),
  ]),
);

function codeNode(text: string, options: ExplainOptions): Omit<Node, 'name'> {
  try {
    return activationCodeNode(text, options);
  } catch (error) {
    if (error instanceof ValueError)
      return { value: `${HIDDEN} (an activation code with an error: ${error.message})` };
    throw error;
  }
}

function base64Node(field: Field<unknown>, text: string, options: ExplainOptions): Omit<Node, 'name'> {
  const octets = parseBase64(text);
  if (octets === undefined) return { value: `cannot be read: expected ${field.description}` };
  if (!field.description.endsWith('in DER'))
    return { length: octets.length, value: toHex(octets).toUpperCase() };
  try {
    return prependType(describe(octets, options));
  } catch (error) {
    if (error instanceof ValueError)
      return { length: octets.length, value: `cannot be read: ${error.message}` };
    throw error;
  }
}

/** Puts the type in front of the value: the name of the node is that of the JSON member. */
function prependType({ name, value, ...rest }: Node): Omit<Node, 'name'> {
  return { ...rest, value: value === undefined ? name : `${name}, ${value}` };
}

const MIN_BASE64_LENGTH = 16;

/** Describes an unknown member that contains DER (ES2+, logs). */
function derInside(text: string, options: ExplainOptions): Omit<Node, 'name'> | undefined {
  const octets = text.length < MIN_BASE64_LENGTH ? undefined : parseBase64(text);
  if (octets === undefined) return undefined;
  try {
    const node = describe(octets, options);
    return /^unknown|values in a row$/.test(node.name) ? undefined : prependType(node);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function parseBase64(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
