import assert from 'node:assert/strict';
import { makeClientIdentity } from '@esim-rsp/server/store/ports/operators';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readMessage } from '@esim-rsp/sgp22/functions/binding';
import { type DownloadProgressInfo, es2plusToOperator } from '@esim-rsp/sgp22/functions/es2plus';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Received, startReceiver, until } from '../../../harness/receiver.ts';

/** A simulated Operator that receives ES2+.HandleDownloadProgressInfo. */
export type Callback = AsyncDisposable & {
  /** The messages about a Profile, in order. Waits until there are at least `count`. */
  reports(iccid: Iccid, count: number): Promise<readonly DownloadProgressInfo[]>;
};

const { request, path } = es2plusToOperator.handleDownloadProgressInfo;

/** How long to wait for messages. */
const TIMEOUT_MS = 30_000;

/** Starts a receiver with mutual TLS that answers 204, and stores its URL in the SM-DP+. */
export async function startCallback(store: ServerStore, account: string): Promise<Callback> {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { ci, dpTls: tls } = makeTestPki({ ...env, curve: 'P-256', hosts: ['localhost'] });
  const client = makeClient(env, 'SM-DP+');
  const pem = certificatePem(client.certificate);
  const receiver = await startReceiver({
    cert: certificatePem(tls.certificate),
    key: tls.key.exportPem(),
    ca: pem,
    requestCert: true,
    rejectUnauthorized: true,
  });
  await store.addOperator({
    name: 'callback',
    account,
    identity: { certificateSha256: sha256(tls.certificate.bytes) },
    requesterIdentifiers: ['callback'],
    createdAt: 1,
    progress: {
      url: new URL(path, receiver.url).href,
      style: 'standard',
      client: makeClientIdentity(pem, client.key.exportPem()),
      ca: certificatePem(ci.certificate),
      from: 0,
    },
  });
  return {
    reports: async (iccid, count) => {
      const reportsOfProfile = () => receiver.received.map(read).filter((info) => info.iccid === iccid);
      const deadline = Date.now() + TIMEOUT_MS;
      await until(() => reportsOfProfile().length >= count || Date.now() > deadline);
      const reports = reportsOfProfile();
      assert.ok(
        reports.length >= count,
        `the Operator received ${reports.length} messages, expected ${count}`,
      );
      return reports;
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

function read({ body, headers, path: called }: Received): DownloadProgressInfo {
  assert.equal(called, path);
  assert.match(String(headers['content-type']), /^application\/json\b/);
  assert.match(String(headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
  return readMessage(request, JSON.parse(body));
}
