import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import type { ServerProcess } from './server.ts';

/** An operator's system: what it shows in TLS, in PEM, and what it calls itself. */
export type OperatorClient = { readonly name: string; readonly cert: string; readonly key: string };

let calls = 0;

/**
 * One call of ES2+ as an operator's system makes it, over a TLS connection of its own: the reply, or the pair of codes
 * that refused it.
 */
export async function callEs2(
  { es2Url, pkiDir }: Pick<ServerProcess, 'es2Url' | 'pkiDir'>,
  { name: functionRequesterIdentifier, cert, key }: OperatorClient,
  name: string,
  members: object,
  functionCallIdentifier = `call-${++calls}`,
) {
  const sending = request(`${es2Url}/gsma/rsp2/es2plus/${name}`, {
    method: 'POST',
    ca: readFileSync(join(pkiDir, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem')),
    cert,
    key,
    headers: { 'Content-Type': 'application/json', 'X-Admin-Protocol': 'gsma/rsp/v2.2.0' },
    agent: false,
  });
  sending.end(
    JSON.stringify({ header: { functionRequesterIdentifier, functionCallIdentifier }, ...members }),
  );
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  const { header: outcome, ...reply } = JSON.parse(Buffer.concat(await response.toArray()).toString());
  const { status, statusCodeData: codes } = outcome.functionExecutionStatus;
  return status === 'Executed-Success' ? reply : `${codes.subjectCode}/${codes.reasonCode}`;
}
