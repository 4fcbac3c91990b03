import assert from 'node:assert/strict';
import { es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import type { CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { createAgent, generateCallIdentifier, type Operator, post } from '../driver/es2.ts';
import { generateEid, newEuicc } from '../driver/euicc.ts';
import { asOperator, type Section } from '../driver/operator.ts';
import type { Bench } from '../driver/sequence.ts';

/** The handshake fails, or HTTP answers 401 or 403; the Profile stays in stock. */
async function expectRejection(operator: Operator, { issuers }: Bench, client?: CertifiedKey): Promise<void> {
  const { iccid } = await operator.stock();
  const { url, functionRequesterIdentifier } = operator;
  const header = { functionRequesterIdentifier, functionCallIdentifier: generateCallIdentifier() };
  const place = new URL(es2plus.downloadOrder.path, url);
  const answer = await post(place, createAgent(issuers, client), JSON.stringify({ header, iccid })).catch(
    (error: NodeJS.ErrnoException) => ({ status: error.code, body: '' }),
  );
  assert.match(String(answer.status), /^(401|403|ERR_SSL_.*|ECONNRESET|EPROTO)$/);
  assert.ok(!answer.body.includes('Executed-Success'));
  assert.deepEqual(await operator.call('downloadOrder', { iccid }), { iccid });
}

/** TLS of ES2+. */
export const es2Tls: Section = {
  '4.3.6 no client certificate': asOperator((operator, bench) => expectRejection(operator, bench)),
  '4.3.6 wrong client certificate': asOperator((operator, bench) => {
    const { identity } = newEuicc(bench.issuers, generateEid(bench.issuers));
    return expectRejection(operator, bench, identity);
  }),
};
