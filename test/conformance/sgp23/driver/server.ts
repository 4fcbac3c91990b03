import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import {
  asn1ContentType,
  asn1Path,
  readAsn1Response,
  writeAsn1Request,
} from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Message, readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import type { Es2Name } from '@esim-rsp/sgp22/functions/es2plus';
import { type Es9Name, type Es9Request, type Es9Response, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import type { ResponseHeader } from '@esim-rsp/sgp22/functions/header';

export type Binding = 'json' | 'asn1';

/** The SM-DP+ under test, with one of the two bindings of ES9+ (SGP.22 6.5, 6.6). */
export type Es9Server = {
  readonly url: string;
  readonly smdpAddress: string;
  /** Resolves to a successful response that fits the binding. Throws Refused if the function failed. */
  call<N extends Es9Name>(name: N, request: Es9Request<N>): Promise<Es9Response<N>>;
};

/** The server refused a function. `pair` is subject and reason code, `asn1/<number>` in the ASN.1 binding. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly step: Es2Name | Es9Name;
  readonly pair: string;

  constructor(step: Es2Name | Es9Name, pair: string) {
    super(`${step} was refused with ${pair}`);
    this.step = step;
    this.pair = pair;
  }
}

// Only the TLS sequences (4.3.17) verify the certificate of the server.
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

/** Changes to the messages. Default: like a common LPA. */
export type Sending = {
  readonly agent?: Agent;
  /** Replaces headers; `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Changes the members of a JSON request. */
  readonly members?: (members: Record<string, string>) => Readonly<Record<string, unknown>>;
  /** Called with every response as received. */
  readonly seen?: (name: Es9Name, body: Buffer) => void;
};

export function connectEs9(
  url: string,
  smdpAddress: string,
  binding: Binding = 'json',
  sending: Sending = {},
): Es9Server {
  const call = binding === 'json' ? callInJson : callInAsn1;
  return { url, smdpAddress, call: (name, message) => call({ url, sending }, name, message) };
}

type Place = { readonly url: string; readonly sending: Sending };
type Answer = { readonly response: IncomingMessage; readonly body: Buffer };

async function callInJson<N extends Es9Name>(
  { url, sending }: Place,
  name: N,
  message: Es9Request<N>,
): Promise<Es9Response<N>> {
  const { path, request: members, response }: (typeof es9plus)[Es9Name] = es9plus[name];
  const { members: changed = (same) => same, seen } = sending;
  const text = JSON.stringify(changed(writeMessage(members as Message, message as never)));
  const answer = await post(new URL(path, url), 'application/json', text, sending);
  seen?.(name, answer.body);
  if (response === undefined) return readAcknowledgement(answer) as Es9Response<N>;
  mustBe200(answer, /^application\/json\b/);
  const body = JSON.parse(answer.body.toString()) as { readonly header: ResponseHeader };
  const { functionExecutionStatus } = body.header;
  if ('statusCodeData' in functionExecutionStatus) {
    assert.deepEqual(Object.keys(body), ['header'], 'a failure has only its header');
    const { subjectCode, reasonCode } = functionExecutionStatus.statusCodeData;
    throw new Refused(name, `${subjectCode}/${reasonCode}`);
  }
  assert.equal(functionExecutionStatus.status, 'Executed-Success');
  return readMessage(response as Message, body) as Es9Response<N>;
}

async function callInAsn1<N extends Es9Name>(
  { url, sending }: Place,
  name: N,
  message: Es9Request<N>,
): Promise<Es9Response<N>> {
  const octets = writeAsn1Request(name, message);
  const answer = await post(new URL(asn1Path, url), asn1ContentType, octets, sending);
  sending.seen?.(name, answer.body);
  if (es9plus[name].response === undefined) return readAcknowledgement(answer) as Es9Response<N>;
  mustBe200(answer, new RegExp(`^${asn1ContentType}$`));
  const read = readAsn1Response(name, answer.body);
  if ('error' in read) throw new Refused(name, `asn1/${read.error}`);
  return read.ok;
}

async function post(
  url: URL,
  contentType: string,
  body: string | Uint8Array,
  sending: Sending,
): Promise<Answer> {
  const headers: Record<string, string | number | undefined> = {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'user-agent': 'gsma-rsp-lpad',
    'x-admin-protocol': 'gsma/rsp/v2.2.0',
    ...sending.headers,
  };
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const call = request(url, { agent: sending.agent ?? agent, method: 'POST', headers: sent });
  call.end(body);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return { response, body: Buffer.concat(await response.toArray()) };
}

function mustBe200({ response }: Answer, contentType: RegExp): void {
  assert.equal(response.statusCode, 200);
  assert.match(response.headers['content-type'] ?? '', contentType);
  assert.match(String(response.headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
}

/** The answer to a notification (6.5.2.4): 204 and nothing more. */
function readAcknowledgement({ response, body }: Answer): undefined {
  assert.deepEqual([response.statusCode, body.length], [204, 0]);
  assert.match(String(response.headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
}
