import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import {
  type Agreement,
  type FunctionName,
  faultsOf,
  type Members,
  objectIn,
  type RawRequest,
} from './es2-request.ts';

/** A call that the vendor has received, and which one of its function it is, from 1. */
export type VendorCall = {
  readonly name: FunctionName;
  readonly members: Members;
  readonly identifier: string;
  readonly octets: string;
  readonly nth: number;
  /** Unix milliseconds. */
  readonly at: number;
};

/** How a call is answered: a body with status 200, anything of HTTP, or no answer. */
export type VendorAnswer =
  | { readonly json: object }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'reset'
  | 'hang'
  | 'cut';

/** Changes the answer of a strict SM-DP+; undefined: it stays. `done`: what it has done and says. */
export type Change = (call: VendorCall, done: Members) => VendorAnswer | undefined;

/** The part of a strict SM-DP+ under one prefix of its paths. */
export type VendorPart = {
  readonly calls: VendorCall[];
  /** What was wrong with the calls so far, in sentences. */
  readonly faults: string[];
  readonly states: Map<string, string>;
};

/** A strict SM-DP+ that the server under test is the client of. It keeps the states of profiles, and repeats its answers. */
export type StrictVendor = AsyncDisposable & {
  readonly host: string;
  readonly ca: string;
  serve(agreement: Omit<Agreement, 'host'>, change: Change): VendorPart;
};

type Served = VendorPart & {
  readonly agreement: Agreement;
  readonly change: Change;
  /** By call identifier. */
  readonly answers: Map<string, { readonly octets: string; readonly done: Members }>;
};

export async function startStrictVendor(curve: 'P-256' | 'brainpoolP256r1'): Promise<StrictVendor> {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { ci, dpTls } = makeTestPki({ ...env, curve, hosts: ['localhost'] });
  const parts = new Map<string, Served>();
  const server = createServer(
    {
      cert: certificatePem(dpTls.certificate),
      key: dpTls.key.exportPem(),
      requestCert: true,
      rejectUnauthorized: false, // the certificate is that of the agreement, or a fault
    },
    async (request, response) => {
      const part = [...parts.values()].find(({ agreement }) =>
        request.url?.startsWith(`${agreement.prefix}/`),
      );
      if (part === undefined) return void response.writeHead(404).end();
      await answer(part, request, response);
    },
  );
  await once(server.listen(0, 'localhost'), 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    host,
    ca: certificatePem(ci.certificate),
    serve: (agreed, change) => {
      const agreement = { ...agreed, host };
      const part = { agreement, change, calls: [], faults: [], states: new Map(), answers: new Map() };
      parts.set(agreement.prefix, part);
      return part;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(part: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const octets = Buffer.concat(await request.toArray());
  const socket = request.socket as TLSSocket;
  const raw: RawRequest = {
    method: request.method ?? '',
    path: request.url ?? '',
    httpVersion: request.httpVersion,
    headers: request.headers,
    octets,
    tls: socket.getProtocol() ?? '',
    client: socket.getPeerX509Certificate()?.fingerprint256,
  };
  const found = faultsOf(raw, part.agreement);
  part.faults.push(...found);
  const body = objectIn(octets);
  if (typeof body === 'string' || found.length > 0) return void response.writeHead(400).end();
  const call = callOf(part, raw, body);
  const done = execute(part, call);
  const answered = part.change(call, done) ?? { json: done };
  if (answered === 'hang') return;
  if (answered === 'reset') return void request.socket.destroy();
  if (answered === 'cut') {
    response.writeHead(200, { 'content-length': '1000' });
    return void response.write(JSON.stringify(done).slice(0, 30), () => request.socket.destroy());
  }
  if ('json' in answered)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answered.json));
  else response.writeHead(answered.status, answered.headers).end(answered.body);
}

function callOf({ calls }: Served, { path, octets }: RawRequest, body: Members): VendorCall {
  const { header, ...members } = body;
  const name = path.split('/').at(-1) as FunctionName;
  const call: VendorCall = {
    name,
    members,
    identifier: (header as { readonly functionCallIdentifier: string }).functionCallIdentifier,
    octets: octets.toString(),
    nth: calls.filter((one) => one.name === name).length + 1,
    at: Date.now(),
  };
  calls.push(call);
  return call;
}

/** States from which each function may be called (5.3, 3.1.6), and the one that follows. */
const TRANSITIONS: Readonly<
  Record<FunctionName, { readonly from: readonly string[]; readonly to: (members: Members) => string }>
> = {
  downloadOrder: { from: ['Available'], to: ({ eid }) => (eid === undefined ? 'Allocated' : 'Linked') },
  confirmOrder: {
    from: ['Allocated', 'Linked'],
    to: ({ releaseFlag }) => (releaseFlag ? 'Released' : 'Confirmed'),
  },
  releaseProfile: { from: ['Confirmed'], to: () => 'Released' },
  cancelOrder: {
    from: ['Allocated', 'Linked', 'Confirmed', 'Released'],
    to: ({ finalProfileStatusIndicator }) => String(finalProfileStatusIndicator),
  },
};

let orders = 0;

/** Does what a call says, once for each identifier. A call in the wrong order is a fault of the client. */
function execute(
  { answers, states, faults }: Served,
  { name, members, identifier, octets }: VendorCall,
): Members {
  const earlier = answers.get(identifier);
  if (earlier !== undefined) {
    if (earlier.octets !== octets) faults.push(`the identifier ${identifier} is that of two different calls`);
    return earlier.done;
  }
  const iccid = String(members.iccid).replace(/F+$/i, '');
  const state = states.get(iccid) ?? 'Available';
  const { from, to } = TRANSITIONS[name];
  if (!from.includes(state)) faults.push(`${name} is called for a profile that is ${state}`);
  states.set(iccid, to(members));
  const done = {
    header: { functionExecutionStatus: { status: 'Executed-Success' } },
    ...outputs(name, members),
  };
  answers.set(identifier, { octets, done });
  return done;
}

function outputs(name: FunctionName, { iccid, eid, matchingId }: Members): Members {
  if (name === 'downloadOrder') return { iccid };
  if (name !== 'confirmOrder') return {};
  return { ...(eid !== undefined && { eid }), matchingId: matchingId ?? `VENDOR-${++orders}` };
}

/** The answer of a function that was not executed, or not only. */
export function failure(subjectCode: string, reasonCode: string, status = 'Failed'): VendorAnswer {
  const statusCodeData = { subjectCode, reasonCode, message: 'as the test says', subjectIdentifier: 'it' };
  return { json: { header: { functionExecutionStatus: { status, statusCodeData } } } };
}
