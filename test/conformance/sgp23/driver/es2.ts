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

/** What an Operator needs to call the SM-DP+ under test by ES2+, and what waits for it there. */
export type Es2Target = {
  readonly url: string;
  /** The SM-DP+ lets in whom a CI of the PKI certifies as a TLS client, under this name. */
  readonly functionRequesterIdentifier: string;
  /** Stocks a Profile for the Operator, of a type of its own. */
  stock(): Promise<{ readonly iccid: Iccid; readonly profileType: string }>;
  /** Stocks a Profile for somebody else. */
  foreign(): Promise<{ readonly iccid: Iccid }>;
} & Pick<Callback, 'told'>;

/** A call without its header, which is made for it. */
export type Wish<N extends Es2Name> = Omit<Es2Request<N>, 'header'>;

/** An Operator with a TLS certificate of the variant. */
export type Operator = Es2Target & {
  /** Resolves to a success that fits the table; throws Refused for a function that was executed and failed. */
  call<N extends Es2Name>(name: N, wish: Wish<N>, functionCallIdentifier?: string): Promise<Es2Response<N>>;
};

export function operatorOf(target: Es2Target, issuers: Issuers): Operator {
  const { env, ci } = issuers;
  const client = certifyUnder(env, ci, ({ issuer, ...own }) => clientPlan(own, 'SGP.23 Operator', issuer));
  const agent = agentFor(issuers, client);
  return {
    ...target,
    call: async (name, wish, functionCallIdentifier = drawCallIdentifier()) => {
      const { functionRequesterIdentifier } = target;
      const header = { functionRequesterIdentifier, functionCallIdentifier };
      return call(target.url, agent, name, { header, ...wish } as never);
    },
  };
}

/** TLS with a client certificate, or none, on the curve of the variant and no other. */
export function agentFor({ curve }: Issuers, client?: CertifiedKey): Agent {
  return new Agent({
    rejectUnauthorized: false, // who the server is, the TLS sequences of ES9+ judge
    ...(client && { cert: certificatePem(client.certificate), key: client.key.exportPem() }),
    ...(curve === 'brainpoolP256r1' && { ecdhCurve: curve, maxVersion: 'TLSv1.2' }),
  });
}

export function drawCallIdentifier(): string {
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

/** Sends a body; rejects where TLS does. */
export async function post(url: URL, agent: Agent, body: string) {
  const headers = { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.2.0' };
  const sending = request(url, { agent, method: 'POST', headers });
  sending.end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const answer = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, body: answer };
}
