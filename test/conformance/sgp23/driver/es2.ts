import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es2Name, type Es2Request, type Es2Response, es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import type { ResponseHeader } from '@esim-rsp/sgp22/functions/header';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { clientPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder } from '@esim-rsp/sgp22/pki/test-pki';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Callback } from './callback.ts';
import type { Issuers } from './euicc.ts';
import { Refused } from './server.ts';

/** What an Operator needs to call the SM-DP+ under test over ES2+. */
export type Es2Target = {
  readonly url: string;
  /** The identifier of the Operator. The SM-DP+ accepts TLS client certificates under a CI of the PKI. */
  readonly functionRequesterIdentifier: string;
  /** Creates a Profile for the Operator, with a new profile type. */
  stock(): Promise<{ readonly iccid: Iccid; readonly profileType: string }>;
  /** Creates a Profile for another account. */
  foreign(): Promise<{ readonly iccid: Iccid }>;
} & Pick<Callback, 'reports'>;

/** A request without its header; `call` adds it. */
export type RequestBody<N extends Es2Name> = Omit<Es2Request<N>, 'header'>;

/** An Operator with a TLS certificate of the variant. */
export type Operator = Es2Target & {
  /** Resolves to a successful response that fits the table. Throws Refused if the function failed. */
  call<N extends Es2Name>(
    name: N,
    body: RequestBody<N>,
    functionCallIdentifier?: string,
  ): Promise<Es2Response<N>>;
};

export function createOperator(target: Es2Target, issuers: Issuers): Operator {
  const { env, ci } = issuers;
  const client = certifyUnder(env, ci, ({ issuer, ...own }) => clientPlan(own, 'SGP.23 Operator', issuer));
  const agent = createAgent(issuers, client);
  return {
    ...target,
    call: async (name, body, functionCallIdentifier = generateCallIdentifier()) => {
      const { functionRequesterIdentifier } = target;
      const header = { functionRequesterIdentifier, functionCallIdentifier };
      return call(target.url, agent, name, { header, ...body } as never);
    },
  };
}

/** TLS on the curve of the variant only, with or without a client certificate. */
export function createAgent({ curve }: Issuers, client?: CertifiedKey): Agent {
  return new Agent({
    rejectUnauthorized: false, // the TLS sequences of ES9+ verify the server
    ...(client && { cert: certificatePem(client.certificate), key: client.key.exportPem() }),
    ...(curve === 'brainpoolP256r1' && { ecdhCurve: curve, maxVersion: 'TLSv1.2' }),
  });
}

export function generateCallIdentifier(): string {
  return Buffer.from(systemRandom(8)).toString('hex');
}

async function call<N extends Es2Name>(
  url: string,
  agent: Agent,
  name: N,
  message: Es2Request<N>,
): Promise<Es2Response<N>> {
  const { request: members, response } = es2plus[name];
  const text = JSON.stringify(writeMessage(members, message as never));
  const answer = await post(new URL(es2plus[name].path, url), agent, text);
  assert.equal(answer.status, 200);
  const body = JSON.parse(answer.body) as { readonly header: ResponseHeader };
  const { functionExecutionStatus } = body.header;
  if ('statusCodeData' in functionExecutionStatus) {
    assert.deepEqual(Object.keys(body), ['header'], 'a failure has only its header');
    const { subjectCode, reasonCode } = functionExecutionStatus.statusCodeData;
    throw new Refused(name, `${subjectCode}/${reasonCode}`);
  }
  assert.equal(functionExecutionStatus.status, 'Executed-Success');
  return readMessage(response, body) as Es2Response<N>;
}

/** Sends a body. Rejects if TLS fails. */
export async function post(url: URL, agent: Agent, body: string) {
  const headers = { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.2.0' };
  const sending = request(url, { agent, method: 'POST', headers });
  sending.end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const answer = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, body: answer };
}
