import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import type { ServerProcess } from './server.ts';

/** An operator's system: what it shows in TLS, in PEM, and what it calls itself. */
export type OperatorClient = { readonly name: string; readonly cert: string; readonly key: string };

/** Where ES2+ is, and the folder with the CI of its certificate. */
export type Es2Server = Pick<ServerProcess, 'es2Url' | 'pkiDir'>;

let calls = 0;

/**
 * One call of ES2+ as an operator's system makes it, over a TLS connection of its own: the reply, or the pair of codes
 * that refused it.
 */
export async function callEs2(
  server: Es2Server,
  client: OperatorClient,
  name: string,
  members: object,
  functionCallIdentifier = `call-${++calls}`,
) {
  const header = { functionRequesterIdentifier: client.name, functionCallIdentifier };
  const response = await post(server, client, name, { header, ...members });
  assert.equal(response.statusCode, 200);
  const { header: outcome, ...reply } = JSON.parse(Buffer.concat(await response.toArray()).toString());
  const { status, statusCodeData: codes } = outcome.functionExecutionStatus;
  return status === 'Executed-Success' ? reply : `${codes.subjectCode}/${codes.reasonCode}`;
}

/** The HTTP status of a call: 401 without a certificate, 403 with one of no operator. */
export async function es2Status(
  server: Es2Server,
  client: OperatorClient | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const header = {
    functionRequesterIdentifier: client?.name ?? 'shop',
    functionCallIdentifier: `call-${++calls}`,
  };
  const response = await post(
    server,
    client,
    'releaseProfile',
    { header, iccid: '8988201000000000000' },
    headers,
  );
  await response.toArray();
  return response.statusCode;
}

async function post(
  { es2Url, pkiDir }: Es2Server,
  client: OperatorClient | undefined,
  name: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const sending = request(`${es2Url}/gsma/rsp2/es2plus/${name}`, {
    method: 'POST',
    ca: readFileSync(join(pkiDir, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem')),
    ...(client && { cert: client.cert, key: client.key }),
    headers: { 'Content-Type': 'application/json', 'X-Admin-Protocol': 'gsma/rsp/v2.2.0', ...headers },
    agent: false,
  });
  sending.end(JSON.stringify(body));
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  return response;
}
