import { fromBase64, fromHex } from '@esim-rsp/codec';
import { completeEid } from '../value/eid.ts';
import { luhnDigit } from '../value/iccid.ts';
import { activationCodeInText } from '../value/pasted-activation-code.ts';
import { ValueError } from '../value/value-error.ts';
import { activationCodeNode } from './activation-code.ts';
import { describe } from './der.ts';
import { describeReason, describeSubject } from './describe-status.ts';
import { jsonNode } from './json.ts';
import type { ExplainOptions, Node } from './node.ts';
import { describeOid } from './oid-names.ts';

const EXPECTED = 'expected an activation code, a JSON body of ES9+, PEM, or DER: binary, hex or base64';

/** Describes any input of RSP, text or binary, as a tree. Throws a ValueError with a message of one line for other input. */
export function explain(input: Uint8Array, options: ExplainOptions = {}): Node {
  const text = decodeText(input);
  try {
    return text === undefined ? describe(input, options) : explainText(text.trim(), options);
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`${error.message} (${EXPECTED})`);
    throw error;
  }
}

/** The input as text; undefined if it is not UTF-8 or has control characters. */
function decodeText(input: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(input);
    return /[^\t\n\r\P{Cc}]/u.test(text) ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function explainText(text: string, options: ExplainOptions): Node {
  if (text === '') throw new ValueError('the input is empty');
  const code = activationCodeInText(text);
  if (code !== undefined) return activationCodeNode(code, options);
  if (/^[{[]/.test(text)) return jsonNode(text, options);
  if (text.includes('-----BEGIN ')) return pemNode(text, options);
  const found = explainIdentifier(text);
  if (found !== undefined) return found;
  return describe(parseOctets(text), options);
}

/** Describes an identifier: an EID, an ICCID, a status code or an OID. */
function explainIdentifier(text: string): Node | undefined {
  if (/^89\d{30}$/.test(text)) {
    const right = completeEid(text.slice(0, 30)) === text;
    return { name: 'EID', value: `${text} (check digits ${right ? 'correct' : 'wrong'})` };
  }
  if (/^89\d{16,18}F?$/i.test(text)) {
    const digits = text.replace(/F$/i, '');
    const right = luhnDigit(digits.slice(0, -1)) === digits.at(-1);
    return { name: 'ICCID', value: `${digits} (check digit ${right ? 'correct' : 'missing or wrong'})` };
  }
  const [, subject, reason] = /^(\d+(?:\.\d+)*) ?[/,] ?(\d+(?:\.\d+)*)$/.exec(text) ?? [];
  if (subject !== undefined && reason !== undefined)
    return {
      name: 'status code',
      children: [
        { name: 'subjectCode', value: describeSubject(subject) },
        { name: 'reasonCode', value: describeReason(reason) },
      ],
    };
  return /^[0-2](?:\.\d+){2,}$/.test(text) ? { name: 'OID', value: describeOid(text) } : undefined;
}

/** Reads hexadecimal text, with or without separators, or base64. Throws a ValueError. */
export function parseOctets(text: string): Uint8Array {
  const hex = text.replace(/^0x/i, '').replace(/[\s:]/g, '');
  if (/^(?:[0-9a-f]{2})+$/i.test(hex)) return fromHex(hex);
  try {
    return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ValueError('the input is not recognized');
    throw error;
  }
}

function pemNode(text: string, options: ExplainOptions): Node {
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g);
  const nodes = Array.from(blocks, ([, label = '', body = '']) => {
    const node = describe(parseOctets(body), options);
    return { ...node, name: `${node.name} (PEM: ${label})` };
  });
  const [only] = nodes;
  if (only === undefined) throw new ValueError('the input is PEM, but no block can be read');
  return nodes.length === 1 ? only : { name: `${nodes.length} PEM blocks`, children: nodes };
}
