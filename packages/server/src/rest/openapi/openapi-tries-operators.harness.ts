import type { RestTest } from '../testing/rest.harness.ts';
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
