import assert from 'node:assert/strict';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { type Challenge, createAuthenticator } from '#server/rest/passkeys/authenticator.harness';
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
  /** The language of a template of mail. */
  readonly language: string;
  /** A mail address that gets alerts. */
  readonly address: string;
  readonly mailDeliveryId: string;
  /** The name of a core network, and a delivery to it. */
  readonly coreNetwork: string;
  readonly coreDeliveryId: string;
  /** Of a download that was refused. */
  readonly transactionId: string;
  /** The name of an operator that may call ES2+. */
  readonly operator: string;
  /** The name of an upstream. */
  readonly upstream: string;
  /** The id of something that was requested from the upstream. */
  readonly operation: string;
  /** The id of an audit entry. */
  readonly entryId: string;
  readonly personId: string;
  readonly passkeyId: string;
  /** The id of a session in the console. */
  readonly sessionId: string;
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
  language: 'da',
  address: 'nobody@example.com',
  mailDeliveryId: '987654321',
  coreNetwork: 'nobody-has-this-core-network',
  coreDeliveryId: '987654321',
  transactionId: 'FEDCBA9876543210FEDCBA98',
  entryId: '987654321',
  operator: 'nobody-has-this-operator',
  upstream: 'nobody-has-this-upstream',
  operation: 'op_fedcba9876543210fedcba9876543210',
  personId: 'person-fedcba9876543210',
  passkeyId: 'passkey-fedcba9876543210',
  sessionId: 'fedcba9876543210',
  cursor: '987654321',
};

/** What paths name that no tenant owns. */
export const common = { mailKind: 'test' } as const;

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

/** What `twoTenants` needs: webhooks, core networks and mail at a port of this machine where nobody listens, and as many calls as an attack takes. */
export const settings = {
  ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
  ESIM_CORE_ALLOW_PRIVATE: '1',
  ESIM_SMTP_URL: 'smtp://127.0.0.1:9',
  ESIM_MAIL_FROM: 'esim@example.com',
  ESIM_CONSOLE_URL: 'http://localhost',
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
  const mail = await post('/mail-deliveries/test', { to: 'anna@example.com' });
  const language = account === victim.account ? 'fr' : 'sv';
  const address = `alerts-of-${account}@example.com`;
  const recipient = { method: 'PUT', path: `${API}/mail-recipients/${address}`, headers, body: {} };
  assert.equal((await send(target, recipient)).status, 200);
  const text = { subject: profile_type, text: matching_id };
  const put = { method: 'PUT', path: `${API}/mail-templates/test/${language}`, headers, body: text };
  assert.equal((await send(target, put)).status, 200);
  const { id } = await post('/keys', { scope: 'read', name: `of ${profile_type}` });
  const upstream = `upstream-of-${profile_type}`;
  await post('/upstreams', upstreamRequest(upstream));
  await post(`/upstreams/${upstream}/types`, { profile_type: `${profile_type}-of-upstream` });
  const coreNetwork = `core-of-${profile_type}`;
  const core = { name: coreNetwork, kind: 'osmohlr', url: 'ctrl://127.0.0.1:9' };
  await post('/core-networks', core);
  const coreDelivery = await post(`/core-networks/${coreNetwork}/deliveries`, { iccid });
  const operation = await requestedAt(target, headers, upstream);
  const email = `of-${account}@example.com`;
  const person = await post('/people', { name: 'A person', email, role: 'viewer' });
  const credentials = { account_id: account, api_key: headers['x-api-key'] };
  await post('/session', credentials);
  const signedIn = await send(target, { method: 'GET', path: `${API}/sessions`, headers });
  const events = await send(target, { method: 'GET', path: `${API}/events`, headers });
  await using phone = await newPhone(target);
  await assert.rejects(downloadBy(phone, activation_code)); // the order is for another eUICC
  const attempts = await send(target, { method: 'GET', path: `${API}/download-attempts`, headers });
  const audit = await send(target, { method: 'GET', path: `${API}/audit?count=1`, headers });
  return {
    ...{ iccid, imsi, eid, matching_id, profile_type },
    id: String(id),
    webhookId: String(webhook.id),
    deliveryId: String(delivery.id),
    ...{ language, address },
    mailDeliveryId: String(mail.id),
    coreNetwork,
    coreDeliveryId: String(coreDelivery.id),
    personId: String(person.id),
    passkeyId: await createPasskey(target, person.invitation),
    sessionId: JSON.parse(signedIn.text).sessions[0].id,
    transactionId: JSON.parse(attempts.text).attempts[0].transaction_id,
    entryId: String(JSON.parse(audit.text).entries[0].id),
    operator: await createOperator(target, account),
    upstream,
    operation,
    cursor: JSON.parse(events.text).next_cursor,
  };
}

/** Orders a profile at an upstream, which does not exist. */
async function requestedAt(target: Target, headers: Tenant['headers'], upstream: string): Promise<string> {
  const { iccid } = subscription();
  const csv = { ...headers, 'content-type': 'text/csv' };
  const path = `${API}/euicc-profiles/import?upstream=${upstream}`;
  await send(target, { method: 'POST', path, headers: csv, body: `iccid\n${iccid}\n` });
  const order = { method: 'POST', path: `${API}/euicc-profiles/${iccid}/order`, body: {} };
  const { text } = await send(target, { ...order, headers: { ...headers, prefer: 'wait=0' } });
  return JSON.parse(text).pending_operation.id;
}

/** A passkey of an invited person. */
async function createPasskey({ restUrl }: Target, invitation: unknown): Promise<string> {
  const { ticket } = invitation as { readonly ticket: string };
  const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' };
  const post = async (path: string, body?: object) => {
    const response = await fetch(`${restUrl}${API}${path}`, {
      method: 'POST',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    assert.equal(response.status, 201, path);
    return response;
  };
  const accepted = await post('/session', { ticket, password: 'correct horse battery staple' });
  headers.cookie = accepted.headers.get('set-cookie')?.split(';')[0] ?? '';
  const challenge = (await (await post('/passkeys/challenge')).json()) as Challenge;
  const created = await post('/passkeys', { name: 'Laptop', ...createAuthenticator().attest(challenge) });
  return String(((await created.json()) as { readonly id: string }).id);
}

function upstreamRequest(name: string) {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { certificate, key } = makeClient(env, name);
  return {
    name,
    url: 'https://es2plus.vendor.example.com:8444',
    client_certificate: certificatePem(certificate),
    client_key: key.exportPem(),
    requester_identifier: '1.2.3',
    smdp_address: 'rsp.vendor.example.com',
  };
}

/** All that a tenant can read of its account. The attempts of a delivery and of an operation go on meanwhile, so they are left out. */
export async function everythingOf(
  target: Target,
  { headers }: Tenant,
  { iccid, webhookId, coreNetwork }: Items,
): Promise<string> {
  const lists = [
    ...['euicc-profiles', 'profile-types', 'profile-templates', 'events', 'keys', 'webhooks', 'upstreams'],
    ...['core-networks', `core-networks/${coreNetwork}`],
    ...['mail-templates', 'mail-recipients', 'people'],
    ...[`euicc-profiles/${iccid}`, `webhooks/${webhookId}`],
  ];
  const texts: string[] = [];
  for (const path of lists)
    texts.push((await send(target, { method: 'GET', path: `${API}/${path}`, headers })).text);
  const text = texts
    .join('\n')
    .replace(/"(last_used_at|first_failed_at|failing_since|last_error)":"[^"]*",?/g, '');
  return text.replace(/"pending_operation":\{[^}]*\},?/g, '');
}
