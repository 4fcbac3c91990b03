import {
  asn1ContentType,
  asn1Path,
  readAsn1Request,
  writeAsn1Refusal,
  writeAsn1Response,
} from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Message, readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, type Es9Response, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { failedHeader, successHeader } from '@esim-rsp/sgp22/functions/header';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { parseJson } from '../answer.ts';

/** How requests and responses are encoded at one path of ES9+. */
export type Es9Binding = {
  /** The function of this path. undefined: several functions share the path. */
  readonly name?: Es9Name;
  readonly contentType: string;
  /** Reads the function and its request. Throws a BindingError or a DerError. */
  read(body: Buffer): { readonly name: Es9Name; readonly request: object };
  reply(name: Es9Name, reply: unknown): string | Uint8Array;
  /** `name` is undefined if the request could not be read. */
  refusal(name: Es9Name | undefined, status: StatusCode): string | Uint8Array;
};

/** JSON (SGP.22 6.5): one path per function. The response to a failed call has only a header. */
function jsonBinding(name: Es9Name): Es9Binding {
  const { request, response }: { request: Message; response: Message | undefined } = es9plus[name];
  return {
    name,
    contentType: 'application/json',
    read: (body) => ({ name, request: readMessage(request, parseJson(body)) }),
    reply: (_name, reply) =>
      JSON.stringify({
        header: successHeader,
        ...writeMessage(response ?? {}, reply as Parameters<typeof writeMessage>[1]),
      }),
    refusal: (_name, status) => JSON.stringify({ header: failedHeader(status) }),
  };
}

/** ASN.1 (6.6): one path for all of them. A request without a known function gets error 127 of InitiateAuthentication. */
const asn1Binding: Es9Binding = {
  contentType: asn1ContentType,
  read: (body) => readAsn1Request(body),
  reply: (name, reply) => writeAsn1Response(name, reply as Es9Response<typeof name>),
  refusal: (name = 'initiateAuthentication', status) => writeAsn1Refusal(name, status),
};

const bindings: ReadonlyMap<string, Es9Binding> = new Map([
  ...(Object.keys(es9plus) as Es9Name[]).map((name) => [es9plus[name].path, jsonBinding(name)] as const),
  [asn1Path, asn1Binding] as const,
]);

/** The binding at a path. */
export function findBinding(path: string): Es9Binding | undefined {
  return bindings.get(path);
}
