import { choice, DerError, decode, encode, explicit, integer, sequence, type Type } from '@esim-rsp/codec';
import type { StatusCode } from '../status.ts';
import type { Message } from './binding.ts';
import { type Es9Function, type Es9Name, type Es9Request, type Es9Response, es9plus } from './es9plus.ts';

/** The ASN.1 binding of ES9+ (SGP.22 6.6): one path for all functions. The tag inside A2 identifies the function. */
export const asn1Path = '/gsma/rsp2/asn1';
export const asn1ContentType = 'application/x-gsma-rsp-asn1';

const OUTER = 'A2';
const UNDEFINED_ERROR = 127;

const names = Object.keys(es9plus) as Es9Name[];

function messageSequence(message: Message): Type<unknown> {
  return sequence(Object.fromEntries(Object.entries(message).map(([name, { asn1 }]) => [name, asn1])));
}

/** RemoteProfileProvisioningRequest: a choice of all functions. */
const requests = choice(
  Object.fromEntries(
    names.map((name) => [name, messageSequence(es9plus[name].request).as(es9plus[name].tag)]),
  ),
).as(OUTER);

type Answer = { readonly ok: unknown } | { readonly error: number };

/** The RemoteProfileProvisioningResponse of one function; for a notification only an error has a body. */
function responseType({ tag, response = {} }: Pick<Es9Function, 'tag' | 'response'>): Type<Answer> {
  const answer = choice({ ok: messageSequence(response).as('A0'), error: integer(0, 255).as('81') }).as(tag);
  return explicit(OUTER, answer);
}

const responses = Object.fromEntries(names.map((name) => [name, responseType(es9plus[name])])) as Readonly<
  Record<Es9Name, Type<Answer>>
>;

/** The messages of this binding as types, for `explain`: all requests, and the response of each function. */
export const asn1Messages: {
  readonly request: Type<unknown>;
  readonly responses: Readonly<Record<Es9Name, Type<unknown>>>;
} = { request: requests, responses };

/** A request of ES9+ with the name of its function. */
export type Asn1Request = {
  readonly [N in Es9Name]: { readonly name: N; readonly request: Es9Request<N> };
}[Es9Name];

/** Reads a RemoteProfileProvisioningRequest; throws a DerError. */
export function readAsn1Request(bytes: Uint8Array): Asn1Request {
  const [[name, request] = []] = Object.entries(decode(requests, bytes));
  if (name === undefined) throw new DerError('there is no request inside A2');
  return { name, request } as Asn1Request;
}

export function writeAsn1Request<N extends Es9Name>(name: N, request: Es9Request<N>): Uint8Array {
  return encode(requests, { [name]: request });
}

/** Writes a successful RemoteProfileProvisioningResponse. */
export function writeAsn1Response<N extends Es9Name>(name: N, reply: Es9Response<N>): Uint8Array {
  return encode(responses[name], { ok: reply });
}

/** Writes a refusal: the error number for the subject and reason code, 127 if there is none. */
export function writeAsn1Refusal(name: Es9Name, { subjectCode, reasonCode }: StatusCode): Uint8Array {
  const { errors }: Pick<Es9Function, 'errors'> = es9plus[name];
  return encode(responses[name], { error: errors[`${subjectCode}/${reasonCode}`] ?? UNDEFINED_ERROR });
}

/** Reads a RemoteProfileProvisioningResponse; throws a DerError. */
export function readAsn1Response<N extends Es9Name>(
  name: N,
  bytes: Uint8Array,
): { readonly ok: Es9Response<N> } | { readonly error: number } {
  return decode(responses[name], bytes) as { readonly ok: Es9Response<N> } | { readonly error: number };
}
