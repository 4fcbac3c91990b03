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

/** A simulated Operator who is told of downloads. */
export type Callback = AsyncDisposable & {
  /** What came about a Profile, in its order, as soon as that is so many messages. */
  told(iccid: Iccid, count: number): Promise<readonly DownloadProgressInfo[]>;
};

const { request, path } = es2plusToOperator.handleDownloadProgressInfo;

/** A run must end, whatever is not told. */
const PATIENCE_MS = 30_000;

/** Stands ready over mutual TLS, and answers 204; the SM-DP+ is told where. */
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
    told: async (iccid, count) => {
      const those = () => receiver.received.map(read).filter((info) => info.iccid === iccid);
      const late = Date.now() + PATIENCE_MS;
      await until(() => those().length >= count || Date.now() > late);
      const came = those();
      assert.ok(came.length >= count, `the Operator was told ${came.length} times in place of ${count}`);
      return came;
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
