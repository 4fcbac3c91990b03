import assert from 'node:assert/strict';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { createOrder, type OrderTerms } from '@esim-rsp/smdp/order/order-terms';
import type { Stocked } from '@esim-rsp/smdp/state/profile';
import { confirm, fail, release, reserve } from '@esim-rsp/smdp/state/transitions';
import { changed, LIST, type RestTest, START, subscription } from '../testing/rest.harness.ts';
import { MOST_TYPES } from '../upstreams/upstream-types.ts';
import type { Try } from './openapi-try.testdata.ts';

const UPSTREAMS = '/api/v1/esim/upstreams';
const UNKNOWN = { upstream: 'missing' };

export function clientMembers() {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { certificate, key } = makeClient(env, 'our-platform');
  return { client_certificate: certificatePem(certificate), client_key: key.exportPem() };
}

const client = clientMembers();

/** A request that creates an upstream, which no name server knows. */
export const upstreamRequest = {
  name: 'vendor',
  url: 'https://es2plus.vendor.example.com:8444',
  ...client,
  requester_identifier: '1.3.6.1.4.1.99999.1',
  smdp_address: 'rsp.vendor.example.com',
};

/** Creates an upstream over the API, if there is none of the name; resolves to the parameters of its path. */
async function createdUpstream(api: RestTest, name = 'vendor'): Promise<{ readonly upstream: string }> {
  const answer = await api.post(UPSTREAMS, { ...upstreamRequest, name });
  assert.ok([201, 409].includes(answer.statusCode), answer.body);
  return { upstream: name };
}

/** Imports a profile that an upstream has; resolves to its ICCID. */
export async function stockedAtUpstream(api: RestTest): Promise<string> {
  const { upstream } = await createdUpstream(api);
  const { iccid } = subscription();
  const answer = await api.call(`/api/v1/esim/euicc-profiles/import?upstream=${upstream}`, {
    method: 'POST',
    payload: `iccid\n${iccid}\n`,
    headers: { 'content-type': 'text/csv' },
  });
  assert.match(answer.body, /"created":1/);
  return iccid;
}

/** A type that comes from an upstream, of which there is none in stock. */
export async function typeAtUpstream(api: RestTest): Promise<string> {
  const { profile_type } = await withType(api, 'chosen there');
  return profile_type;
}

/** Does not wait for an upstream, which no try can reach. */
export const noWait = { headers: { prefer: 'wait=0' } };

/** A profile of an upstream whose order is this far. */
export async function orderedAtUpstream(
  api: RestTest,
  state: 'ALLOCATED' | 'CONFIRMED' | 'RELEASED' | 'ERROR',
  terms: OrderTerms = {},
): Promise<{ readonly iccid: string }> {
  const iccid = await stockedAtUpstream(api);
  await changed<Stocked>(api, iccid, (profile) => {
    const reserved = reserve(profile, undefined, START);
    if (state === 'ALLOCATED') return reserved;
    const confirmed = confirm(reserved, createOrder(terms, api.env()), START);
    if (state === 'CONFIRMED') return confirmed;
    const free = release(confirmed, START);
    const reason = {
      subjectCode: '8.2.10',
      reasonCode: '4.2',
      message: 'it could not be installed',
    } as const;
    return state === 'ERROR' ? fail(free, reason, START) : free;
  });
  return { iccid };
}

/** An order of a type that has not ended; resolves to the parameters of its path. */
async function requestedOfType(api: RestTest): Promise<{ readonly operation: string }> {
  const body = { profile_type: await typeAtUpstream(api) };
  const answer = await api.post(`${LIST}/order`, body, noWait);
  assert.equal(answer.statusCode, 202, answer.body);
  return { operation: answer.json().pending_operation.id };
}

/** Something that was requested from an upstream and has not ended; resolves to the parameters of its path. */
async function requested(api: RestTest): Promise<{ readonly operation: string }> {
  const iccid = await stockedAtUpstream(api);
  const answer = await api.post(`${LIST}/${iccid}/order`, {}, noWait);
  assert.equal(answer.statusCode, 202, answer.body);
  return { operation: answer.json().pending_operation.id };
}

const NO_OPERATION = { operation: `op_${'0'.repeat(32)}` };

async function withType(api: RestTest, profile_type = 'basic') {
  const path = await createdUpstream(api);
  const body = { profile_type, vendor_type: 'VENDOR-1' };
  const answer = await api.post(`${UPSTREAMS}/${path.upstream}/types`, body);
  assert.equal(answer.statusCode, 200, answer.body);
  return { ...path, profile_type };
}

export const upstreamTries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  listUpstreams: async (api) => {
    await createdUpstream(api);
    return [{}];
  },
  createUpstream: async () => [
    { body: { ...upstreamRequest, name: 'another' } },
    { body: { ...upstreamRequest, name: 'another' } },
    { body: { ...upstreamRequest, url: 'https://127.0.0.1/' } },
    { body: { ...upstreamRequest, client_key: clientMembers().client_key } },
    ...Array.from({ length: 20 }, (_, i) => ({ body: { ...upstreamRequest, name: `one-of-${i}` } })),
  ],
  getUpstream: async (api) => [{ path: await createdUpstream(api) }, { path: UNKNOWN }],
  updateUpstream: async (api) => {
    const path = await createdUpstream(api);
    return [
      { path, body: { ...clientMembers(), ca: client.client_certificate, timeout_seconds: 60 } },
      { path, body: { ca: null } },
      { path, body: { smdp_address: 'https://not.an.address/' } },
      { path: UNKNOWN, body: {} },
    ];
  },
  deleteUpstream: async (api) => {
    const path = await createdUpstream(api, 'unused');
    await requested(api);
    return [{ path }, { path: { upstream: 'vendor' } }, { path: UNKNOWN }];
  },
  listOperations: async (api) => {
    await requested(api);
    return [
      { query: '?state=waiting&count=1' },
      { query: '?iccid=8900000000000000000&cursor=' },
      { query: '?operation=order&upstream=vendor' },
    ];
  },
  getOperation: async (api) => [{ path: await requested(api) }, { path: NO_OPERATION }],
  retryOperation: async (api) => {
    const [waiting, ended] = [await requested(api), await requested(api)];
    await api.post(`/api/v1/esim/operations/${ended.operation}/settle`, { outcome: 'not_done' });
    return [{ path: waiting }, { path: ended }, { path: NO_OPERATION }];
  },
  settleOperation: async (api) => {
    const [first, second] = [await requested(api), await requested(api)];
    return [
      { path: first, body: { outcome: 'not_done' } },
      { path: first, body: { outcome: 'not_done' } },
      { path: second, body: { outcome: 'done', matching_id: 'aZ', smdp_address: 'rsp.vendor.example.com' } },
      { path: await requestedOfType(api), body: { outcome: 'done', iccid: subscription().iccid } },
      { path: NO_OPERATION, body: { outcome: 'done' } },
    ];
  },
  testUpstream: async (api) => [{ path: await createdUpstream(api) }, { path: UNKNOWN }],
  listUpstreamTypes: async (api) => [{ path: await withType(api) }, { path: UNKNOWN }],
  setUpstreamType: async (api) => {
    const path = await createdUpstream(api);
    const none = { keepReady: 0, batch: 1, readyDays: 0 };
    const typeOf = (i: number) => ({
      account: 'anna',
      ...path,
      profileType: `type ${i}`,
      vendorType: 'x',
      ...none,
    });
    for (let i = 0; i < MOST_TYPES; i++) await api.store.setUpstreamType(typeOf(i), MOST_TYPES);
    return [
      { path, body: { profile_type: 'type 0', keep_ready: 10, batch: 30, ready_days: 90 } },
      { path, body: { profile_type: 'one more' } },
      { path: UNKNOWN, body: { profile_type: 'type 0' } },
    ];
  },
  deleteUpstreamType: async (api) => {
    const path = await withType(api);
    return [{ path }, { path: { ...path, profile_type: 'missing' } }];
  },
};
