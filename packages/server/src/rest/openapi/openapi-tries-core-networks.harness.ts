import assert from 'node:assert/strict';
import { MOST_CORE_NETWORKS } from '../core-networks/createCoreNetwork.ts';
import { type RestTest, stocked } from '../testing/rest.harness.ts';
import { clientMembers } from './openapi-tries-upstreams.harness.ts';
import type { Try } from './openapi-try.testdata.ts';

const CORE_NETWORKS = '/api/v1/esim/core-networks';
const UNKNOWN = { coreNetwork: 'missing' };
const hlr = { name: 'hlr', kind: 'osmohlr', url: 'ctrl://hlr.example.com' };

const webconsole = {
  kind: 'free5gc',
  url: 'https://core.example.com',
  ...{ user: 'admin', password: 'free5gc', plmn: '00101' },
};
const orchestrator = () => ({
  name: 'orchestrator',
  kind: 'magma',
  url: 'https://api.magma.example.com:9443',
  ...clientMembers(),
  network: 'mpk_test',
});

/** Creates a core network over the API, if there is none of the name; resolves to the parameters of its path. */
async function createdCoreNetwork(
  api: RestTest,
  name = 'hlr',
  members: object = hlr,
): Promise<{ readonly coreNetwork: string }> {
  const answer = await api.post(CORE_NETWORKS, { ...members, name });
  assert.ok([201, 409].includes(answer.statusCode), answer.body);
  return { coreNetwork: name };
}

/** A delivery, which stays pending because no job runs. */
async function withDelivery(api: RestTest) {
  const path = await createdCoreNetwork(api);
  const iccid = await stocked(api);
  const answer = await api.post(`${CORE_NETWORKS}/${path.coreNetwork}/deliveries`, { iccid });
  assert.equal(answer.statusCode, 202, answer.body);
  return { ...path, coreDeliveryId: String(answer.json().id) };
}

async function ended(api: RestTest) {
  const path = await withDelivery(api);
  await api.store.skipDeliveries({ kind: 'core', target: `anna/${path.coreNetwork}` }, 'a test');
  assert.equal((await api.store.delivery(Number(path.coreDeliveryId)))?.state, 'skipped');
  return path;
}

export const coreNetworkTries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  listCoreNetworks: async (api) => {
    await createdCoreNetwork(api);
    return [{}];
  },
  createCoreNetwork: async () => [
    { body: { ...hlr, name: 'another', sd: '010203', profile_types: ['basic'] } },
    { body: { ...hlr, name: 'another' } },
    { body: { ...hlr, name: 'wrong', url: 'https://hlr.example.com' } },
    { body: { ...hlr, name: 'wrong', user: 'admin' } },
    { body: { name: 'wrong', kind: 'osmohlr' } },
    { body: { ...hlr, name: 'wrong', columns: ['imsi'] } },
    { body: { name: 'wrong', kind: 'csv', columns: ['ki'] } },
    { body: { name: 'file', kind: 'csv', columns: ['imsi', 'ki', 'opc'] } },
    { body: { name: 'receiver', kind: 'push', url: 'https://receiver.example.com/hook' } },
    { body: { ...webconsole, name: 'webconsole' } },
    { body: orchestrator() },
    ...Array.from({ length: MOST_CORE_NETWORKS }, (_, i) => ({ body: { ...hlr, name: `one-of-${i}` } })),
  ],
  getCoreNetwork: async (api) => [{ path: await createdCoreNetwork(api) }, { path: UNKNOWN }],
  updateCoreNetwork: async (api) => {
    const path = await createdCoreNetwork(api);
    const free5gc = await createdCoreNetwork(api, 'free5gc', webconsole);
    return [
      { path, body: { when: 'stocked', remove: false, sd: '0a0b0c' } },
      { path, body: { sd: null } },
      { path, body: { url: 'ctrl://a:b@hlr.example.com' } },
      { path, body: { ca: 'not a certificate' } },
      { path: free5gc, body: { password: 'another', ca: null, plmn: null } },
      { path: free5gc, body: { ca: 'not a certificate' } },
      { path: UNKNOWN, body: {} },
    ];
  },
  deleteCoreNetwork: async (api) => [{ path: await createdCoreNetwork(api) }, { path: UNKNOWN }],
  listCoreDeliveries: async (api) => {
    const { coreNetwork } = await withDelivery(api);
    return [
      { path: { coreNetwork } },
      { path: { coreNetwork }, query: '?state=delivered&types=remove' },
      { path: UNKNOWN },
    ];
  },
  sendToCoreNetwork: async (api) => {
    const path = await createdCoreNetwork(api);
    const iccid = await stocked(api);
    return [
      { path, body: { iccid } },
      { path, body: { iccid: '8988299999999999995' } },
      { path: UNKNOWN, body: { iccid } },
    ];
  },
  replayCoreDelivery: async (api) => [
    { path: await ended(api) },
    { path: await withDelivery(api) },
    { path: { ...(await createdCoreNetwork(api)), coreDeliveryId: '999999' } },
    { path: { ...UNKNOWN, coreDeliveryId: '1' } },
  ],
};
