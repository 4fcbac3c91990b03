import assert from 'node:assert/strict';
import { downloadBy, newPhone } from '../harness/phone.ts';
import { subscription } from '../harness/profiles.ts';
import { account as firstAccount } from '../harness/server.ts';
import type { Target } from './attack.ts';
import { createOperator, secondTenant, type Tenant } from './second-tenant.ts';

const API = '/api/v1/esim';

/** What one tenant has of each kind, by the name that paths, queries and bodies have for it. */
export type Items = {
  readonly iccid: string;
  readonly imsi: string;
  readonly eid: string;
  readonly matching_id: string;
  readonly profile_type: string;
  /** Of a key. */
  readonly id: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  /** Of a download that was refused. */
  readonly transactionId: string;
  /** The name of an operator that may call ES2+. */
  readonly operator: string;
  /** The id of an event. */
  readonly cursor: string;
};

/** The same names with values that nobody has. */
export const unknownItems: Items = {
  iccid: '8988299999999999995',
  imsi: '001019999999999',
  eid: '89049032000000000000000000000099',
  matching_id: 'NOBODY-HAS-THIS',
  profile_type: 'nobody-has-this-type',
  id: 'fedcba9876543210',
  webhookId: 'we_fedcba9876543210fedcba98',
  deliveryId: '987654321',
  transactionId: 'FEDCBA9876543210FEDCBA98',
  operator: 'nobody-has-this-operator',
  cursor: '987654321',
};

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};
export type Reply = { readonly status: number; readonly text: string };

/** Sends a request as it is; the reply without what differs from call to call. */
export async function send({ restUrl }: Target, { method, path, headers, body }: Request): Promise<Reply> {
  const json = body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' };
  const response = await fetch(restUrl + path, {
    method,
    headers: { ...json, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text: text.replaceAll(response.headers.get('x-request-id') ?? 'none', 'REQUEST'),
  };
}

export const victim: Tenant = {
  account: firstAccount.ESIM_BOOTSTRAP_USER_ID,
  headers: {
    'x-user-id': firstAccount.ESIM_BOOTSTRAP_USER_ID,
    'x-api-key': firstAccount.ESIM_BOOTSTRAP_API_KEY,
  },
};

/** What `twoTenants` needs: webhooks at a port of this machine where nobody listens, and as many calls as an attack takes. */
export const settings = {
  ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
  ESIM_RATE_PER_KEY: '0',
  ESIM_RATE_PER_ADDRESS: '0',
};

/** The first account with one item of each kind, and a second one that has nothing yet. */
export async function twoTenants(target: Target) {
  const attacker = await secondTenant(target);
  return { attacker, owned: await itemsOf(target, victim, 'type-of-the-victim', 'MATCHING-ID-OF-VICTIM') };
}

/** Creates an item of each kind for a tenant. */
export async function itemsOf(
  target: Target,
  { account, headers }: Tenant,
  profile_type: string,
  matching_id: string,
): Promise<Items> {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const { status, text } = await send(target, { method: 'POST', path: API + path, headers, body });
    assert.ok(status < 300, `${path}: ${text}`);
    return JSON.parse(text);
  };
  const parameters = subscription();
  const { iccid, imsi } = parameters;
  const eid = `89049032${iccid.padStart(24, '0')}`;
  await post('/euicc-profiles', { parameters, profile_type });
  const { activation_code = '' } = await post(`/euicc-profiles/${iccid}/order`, { matching_id, eid });
  const other = subscription();
  const starts = { iccid_start: other.iccid.slice(0, 18), imsi_start: other.imsi };
  await post('/profile-templates', { profile_type, size: 1, ...starts });
  const webhook = await post('/webhooks', { url: 'http://127.0.0.1:9/', description: `of ${profile_type}` });
  const delivery = await post(`/webhooks/${webhook.id}/test`, {});
  const { id } = await post('/keys', { scope: 'read', name: `of ${profile_type}` });
  const events = await send(target, { method: 'GET', path: `${API}/events`, headers });
  await using phone = await newPhone(target);
  await assert.rejects(downloadBy(phone, activation_code)); // the order is for another eUICC
  const attempts = await send(target, { method: 'GET', path: `${API}/download-attempts`, headers });
  return {
    ...{ iccid, imsi, eid, matching_id, profile_type },
    id: String(id),
    webhookId: String(webhook.id),
    deliveryId: String(delivery.id),
    transactionId: JSON.parse(attempts.text).attempts[0].transaction_id,
    operator: await createOperator(target, account),
    cursor: JSON.parse(events.text).next_cursor,
  };
}

/** All that a tenant can read of its account. The attempts of a delivery go on meanwhile, so they are left out. */
export async function everythingOf(
  target: Target,
  { headers }: Tenant,
  { iccid, webhookId }: Items,
): Promise<string> {
  const lists = [
    ...['euicc-profiles', 'profile-types', 'profile-templates', 'events', 'keys', 'webhooks'],
    ...[`euicc-profiles/${iccid}`, `webhooks/${webhookId}`],
  ];
  const texts: string[] = [];
  for (const path of lists)
    texts.push((await send(target, { method: 'GET', path: `${API}/${path}`, headers })).text);
  return texts.join('\n').replace(/"(last_used_at|first_failed_at)":"[^"]*",?/g, '');
}
