import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { addApiKey } from '../../accounts/accounts.ts';
import { type RestTest, START } from '../testing/rest.harness.ts';
import type { Try } from './openapi-try.testdata.ts';

/** An operator of anna's; resolves to the parameters of its path. */
async function createOperator({ store }: RestTest, name = 'shop'): Promise<{ readonly operator: string }> {
  await store.addOperator({
    name,
    account: 'anna',
    identity: { certificateSha256: new Uint8Array(32) },
    requesterIdentifiers: [name],
    createdAt: 0,
    progress: { url: 'https://shop.example.com', style: 'standard', from: 0 },
  });
  return { operator: name };
}

/** The headers of a key of anna's that may change what concerns the whole server. */
export async function serverKey({ store, env }: RestTest): Promise<Record<string, string>> {
  const apiKey = 'server-key-of-anna';
  const { random } = env();
  const permissions = ['read', 'admin', 'server'] as const;
  await addApiKey(store, { userId: 'anna', apiKey, permissions, random, now: START * 1000 });
  return { 'x-user-id': 'anna', 'x-api-key': apiKey };
}

/** A TLS client certificate and its key, in PEM. */
export function testClient(name = 'shop') {
  const { certificate, key } = makeClient(
    { random: systemRandom, now: START * 1000, generateKey: generateSigningKey },
    name,
  );
  return { certificate: certificatePem(certificate), key: key.exportPem() };
}

/** A delivery to it, which stays pending because no job runs. */
async function pendingDelivery(api: RestTest) {
  const { operator } = await createOperator(api);
  const { id } = await api.store.addDelivery({
    kind: 'es2',
    target: operator,
    account: 'anna',
    eventId: 1,
    type: 'profile.installed',
    iccid: '8900101000000000017',
    createdAt: 0,
  });
  return { operator, deliveryId: String(id) };
}

export const operatorTries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  listOperators: async (api) => {
    await createOperator(api);
    return [{}];
  },
  createOperator: async () => {
    const { certificate, key } = testClient();
    const progress = {
      progress_url: 'https://shop.example.com',
      progress_certificate: certificate,
      progress_key: key,
    };
    return [
      { body: { name: 'hub', certificate, requester_identifiers: ['1.2.3'], ...progress } },
      { body: { name: 'hub', certificate } },
      { body: { name: 'nobody' } },
    ];
  },
  updateOperator: async (api) => {
    const path = await createOperator(api);
    const { certificate } = testClient();
    return [
      { path, body: { certificate, progress_url: null } },
      { path, body: { ca: certificate } },
      { path: { operator: 'missing' }, body: {} },
    ];
  },
  listAccounts: async () => [{}],
  createAccount: async () => [
    { body: { name: 'Shop', account_id: 'shop' } },
    { body: { name: 'Shop', account_id: 'shop' } },
    { body: { name: 'Another' } },
    { body: { name: '' } },
  ],
  deleteOperator: async (api) => [{ path: await createOperator(api) }, { path: { operator: 'missing' } }],
  listOperatorDeliveries: async (api) => {
    const { operator } = await pendingDelivery(api);
    return [
      { path: { operator } },
      { path: { operator }, query: '?count=1&cursor=9&state=pending' },
      { path: { operator: 'missing' } },
    ];
  },
  replayOperatorDelivery: async (api) => {
    const path = await pendingDelivery(api);
    const done = await pendingDelivery(api);
    const settlement = { state: 'failed', nextAttemptAt: 0, lastStatus: 500 } as const;
    await api.store.settleDelivery({ id: Number(done.deliveryId), attempts: 0 }, settlement);
    return [{ path: done }, { path }, { path: { ...path, deliveryId: '999' } }];
  },
};
