import { completeEid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Released } from '@esim-rsp/smdp/state/profile';
import { fail, report } from '@esim-rsp/smdp/state/transitions';
import { refusedSession } from '../../store/contract/records.harness.ts';
import {
  changed,
  LIST,
  ordered,
  type RestTest,
  START,
  stocked,
  subscription,
} from '../testing/rest.harness.ts';
import { coreNetworkTries } from './openapi-tries-core-networks.harness.ts';
import { mailTries } from './openapi-tries-mail.harness.ts';
import { operatorTries } from './openapi-tries-operators.harness.ts';
import { sessionTries } from './openapi-tries-session.harness.ts';
import {
  noWait,
  orderedAtUpstream,
  stockedAtUpstream,
  typeAtUpstream,
  upstreamTries,
} from './openapi-tries-upstreams.harness.ts';
import { webhookTries } from './openapi-tries-webhooks.harness.ts';
import type { Try } from './openapi-try.testdata.ts';

const UNKNOWN = { iccid: '8900000000000000000' };

async function newKey(api: RestTest): Promise<string> {
  return (await api.post('/api/v1/esim/keys', { scope: 'read' })).json().id;
}

/** The key that the calls are made with. */
async function ownKey(api: RestTest): Promise<string> {
  const { api_keys } = (await api.call('/api/v1/esim/keys')).json();
  return api_keys.find(({ scope }: { scope: string }) => scope === 'admin').id;
}

/** Of a type that no other try has, with numbers that nobody else takes. */
function templateInput() {
  const { iccid, imsi: imsi_start } = subscription();
  const iccid_start = `${iccid.slice(0, 5)}9${iccid.slice(6, 18)}`;
  return { profile_type: `template ${iccid}`, size: 10, iccid_start, imsi_start };
}

/** Makes a template; resolves to its type. */
async function template(api: RestTest, input: object = {}): Promise<string> {
  const body = { ...templateInput(), ...input };
  const { statusCode } = await api.post('/api/v1/esim/profile-templates', body);
  if (statusCode !== 201) throw new Error('a template cannot be made');
  return body.profile_type;
}

/** A profile whose order has an install link. */
async function linked(api: RestTest): Promise<{ readonly iccid: string }> {
  const { iccid } = await ordered(api);
  const answer = await api.post(`${LIST}/${iccid}/install-link`, {});
  if (answer.statusCode !== 201) throw new Error('a link cannot be made');
  return { iccid };
}

/** A profile whose download has failed. */
async function failed(api: RestTest): Promise<string> {
  const { iccid } = await ordered(api);
  const reason = { subjectCode: '8.2.10', reasonCode: '4.2', message: 'it could not be installed' } as const;
  await changed<Released>(api, iccid, (profile) => fail(profile, reason, START));
  return iccid;
}

/** A profile that is on a device. */
async function installed(api: RestTest): Promise<string> {
  const { iccid } = await ordered(api);
  const eid = completeEid('890490320000000000000000001234');
  await changed<Released>(api, iccid, (profile) =>
    report(profile, 'INSTALLED', { eid, seqNumber: 1 }, START),
  );
  return iccid;
}

/**
 * Per operation, the calls that reach each of its own answers: the good ones, what is not there, what clashes. What
 * every operation answers (401, 413, 500 …) is tried for all of them. An operation without an entry is called by the
 * document's examples, and what that did not reach is listed as to do.
 */
export const tries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  getEUICCProfile: async (api) => [
    { path: { iccid: await stocked(api) } },
    { path: { iccid: (await ordered(api, { confirmation_code: '1234' })).iccid } },
    { path: UNKNOWN },
  ],
  getQRCode: async (api) => {
    const { iccid } = await ordered(api);
    return [
      ...['', '?format=svg&download=1', '?format=json'].map((query) => ({ path: { iccid }, query })),
      { path: { iccid }, query: '?size=64&ecc=H&margin=20' },
      { path: { iccid: await stocked(api) } },
      { path: UNKNOWN },
    ];
  },
  createInstallLink: async (api) => {
    const path = { iccid: (await ordered(api)).iccid };
    return [
      { path, body: {} },
      { path, body: { qr_code: 'svg', expires_at: new Date((START + 3600) * 1000).toISOString() } },
      { path, body: { expires_at: '2020-01-01T00:00:00Z' } },
      { path, body: { send_to: 'anna@example.com', language: 'de' } },
      { path: { iccid: await stocked(api) }, body: {} },
      { path: UNKNOWN, body: {} },
    ];
  },
  getInstallLink: async (api) => [
    { path: await linked(api) },
    { path: { iccid: (await ordered(api)).iccid } },
    { path: UNKNOWN },
  ],
  getOverview: async (api) => {
    await failed(api);
    const times = (days: number) => new Date((START - days * 86_400) * 1000).toISOString();
    return [
      {},
      { query: `?by=hour&since=${times(2)}&until=${times(-1)}` },
      { query: `?since=${times(0)}&until=${times(1)}` },
      { query: `?by=hour&since=${times(400)}` },
    ];
  },
  getBrand: async () => [{}],
  updateBrand: async () => [
    { body: { name: 'Example Travel', colour: '#0b57d0', language: 'de' } },
    { body: { language: 'xx' } },
  ],
  previewInstallPage: async () => [
    { body: {} },
    { body: { language: 'ar', state: 'installed', device: 'apple', brand: { colour: '#7a1fa2' } } },
    { body: { brand: { logo: 'AAAA' } } },
  ],
  deleteInstallLink: async (api) => [
    { path: await linked(api) },
    { path: { iccid: (await ordered(api)).iccid } },
    { path: UNKNOWN },
  ],
  readEUICCProfileSecrets: async (api) => {
    const path = { iccid: await stocked(api) };
    return [
      { path, body: { kinds: ['pin', 'puk', 'adm1', 'ota_keys'] } },
      { path: UNKNOWN, body: { kinds: ['pin'] } },
      { path: { iccid: await stockedAtUpstream(api) }, body: { kinds: ['pin'] } },
    ];
  },
  getEUICCProfileHistory: async (api) => [
    { path: { iccid: await stocked(api) } },
    {
      path: { iccid: (await ordered(api)).iccid },
      query: '?cursor=1&count=1&sort=newest&since=2026-01-01T00:00:00Z',
    },
    { path: UNKNOWN },
  ],
  listEvents: async () => [
    {},
    { query: '?count=1&cursor=0&types=profile.created' },
    { query: '?types=no.such' },
    { query: '?sort=newest&since=2026-01-01T00:00:00Z&until=2026-12-31T00:00:00Z' },
    { query: '?since=2026-01-01T00:00:00Z&cursor=1' },
  ],
  listEUICCProfiles: async () => [
    {},
    { query: '?count=1&offset=1&state=AVAILABLE' },
    {
      query: '?cursor=&state=AVAILABLE,RELEASED&sort=-last_operation_date&changed_since=2026-03-01T10:00:00Z',
    },
    { query: '?msisdn=0049%20151%2000&changed_until=2026-03-01T10:00:00Z' },
    { query: '?cursor=none' },
    { query: '?offset=1&imsi=001010000000001' },
  ],
  exportEUICCProfiles: async (api) => {
    await stocked(api);
    return [
      {},
      { query: '?format=csv&state=AVAILABLE&columns=iccid,msisdn,activation_code' },
      { query: '?format=plain_csv&msisdn=%2B4915100&changed_since=2026-03-01T10:00:00Z' },
      { query: '?columns=ki' },
    ];
  },
  createEUICCProfile: async (api) => {
    const parameters = subscription();
    const taken = { ...subscription(), iccid: await stocked(api) };
    return [{ body: { parameters } }, { body: { parameters: taken } }, { body: { profile_package: 'AAAA' } }];
  },
  importEUICCProfiles: async () => {
    const body = Buffer.from(JSON.stringify({ parameters: subscription() }));
    const sent = (type: string, text = body) => ({ body: text, headers: { 'content-type': type } });
    return [
      sent('application/x-ndjson'),
      sent('text/csv'),
      sent('application/zip'),
      { ...sent('text/csv'), query: '?upstream=missing' },
    ];
  },
  generateEUICCProfiles: async () => {
    const { iccid, imsi: imsi_start } = subscription();
    const iccid_start = iccid.slice(0, 6) + iccid.slice(7);
    const body = { count: 1, iccid_start, imsi_start };
    const others = { msisdn_start: '+4915100', algorithm: 'tuak', service_provider_name: 'Example' };
    return [
      { body },
      { body: { ...body, ...others } },
      { body: { ...body, count: 2, imsi_start: '9'.repeat(15) } },
    ];
  },
  listProfileTemplates: async (api) => {
    await template(api);
    return [{}];
  },
  createProfileTemplate: async () => {
    const body = templateInput();
    const full = {
      ...templateInput(),
      msisdn_start: '+4915100',
      algorithm: 'tuak',
      master_key: '0f'.repeat(16),
      profile_owner: { mcc_mnc: '00101', gid1: '0a' },
      notification_events: ['install'],
    };
    return [{ body }, { body }, { body: full }, { body: { ...templateInput(), imsi_start: '999998' } }];
  },
  getProfileTemplate: async (api) => [
    { path: { profile_type: await template(api) } },
    { path: { profile_type: 'none' } },
  ],
  deleteProfileTemplate: async (api) => [
    { path: { profile_type: await template(api) } },
    { path: { profile_type: 'none' } },
  ],
  generateFromProfileTemplate: async (api) => {
    const path = { profile_type: await template(api) };
    const derived = { profile_type: await template(api, { master_key: '0f'.repeat(16) }) };
    return [
      { path, body: { count: 2 } },
      { path, body: { count: 100 } },
      { path: derived, body: { count: 1 } },
      { path: { profile_type: 'none' }, body: { count: 1 } },
    ];
  },
  listProfileTypes: async (api) => {
    await template(api);
    await api.post('/api/v1/esim/euicc-profiles', { parameters: subscription(), profile_type: 'basic' });
    return [{}, { query: '?count=1' }, { query: '?count=0' }];
  },
  orderEUICCProfileOfType: async (api) => {
    const profile_type = `basic ${subscription().iccid}`;
    await api.post('/api/v1/esim/euicc-profiles', { parameters: subscription(), profile_type });
    const made = await template(api);
    const bodies = [profile_type, profile_type, made, 'none'].map((profile_type) => ({ profile_type }));
    const iccid = await stockedAtUpstream(api);
    await changed(api, iccid, (profile) => ({ ...profile, profileType: `type of ${iccid}` }));
    const atUpstream = { body: { profile_type: `type of ${iccid}` }, ...noWait };
    const chosenThere = { body: { profile_type: await typeAtUpstream(api) }, ...noWait };
    return [...bodies.map((body) => ({ body })), atUpstream, chosenThere];
  },
  orderEUICCProfile: async (api) => {
    const path = { iccid: await stocked(api) };
    return [
      { path, body: {} },
      { path, body: {} },
      { path: UNKNOWN, body: {} },
      { path: { iccid: await stockedAtUpstream(api) }, body: {}, ...noWait },
    ];
  },
  confirmEUICCProfile: async (api) => {
    const path = { iccid: await stocked(api) };
    await api.post(`${LIST}/${path.iccid}/order`, { confirm: false });
    return [
      { path, body: { release: false } },
      { path, body: { release: true } },
      { path: UNKNOWN, body: {} },
      { path: await orderedAtUpstream(api, 'ALLOCATED'), body: {}, ...noWait },
    ];
  },
  releaseEUICCProfile: async (api) => {
    const { iccid } = await ordered(api, { release: false });
    const atUpstream = { path: await orderedAtUpstream(api, 'CONFIRMED'), ...noWait };
    return [{ path: { iccid } }, { path: { iccid: await stocked(api) } }, { path: UNKNOWN }, atUpstream];
  },
  cancelEUICCProfile: async (api) => {
    const { iccid } = await ordered(api);
    return [
      { path: { iccid }, body: { final_state: 'UNAVAILABLE' } },
      { path: { iccid }, body: {} },
      { path: UNKNOWN, body: {} },
      { path: await orderedAtUpstream(api, 'RELEASED'), body: {}, ...noWait },
    ];
  },
  reReleaseEUICCProfile: async (api) => [
    { path: { iccid: await failed(api) }, body: { expires_at: null } },
    { path: { iccid: await stocked(api) }, body: {} },
    { path: UNKNOWN, body: {} },
    { path: await orderedAtUpstream(api, 'ERROR'), body: {}, ...noWait },
  ],
  retireEUICCProfile: async (api) => {
    const path = { iccid: await stocked(api) };
    return [{ path }, { path }, { path: UNKNOWN }];
  },
  resetEUICCProfile: async (api) => {
    const path = { iccid: await stocked(api) };
    await api.post(`${LIST}/${path.iccid}/retire`, {});
    return [{ path }, { path }, { path: UNKNOWN }];
  },
  replaceEUICCProfile: async (api) => [
    { path: { iccid: await installed(api) }, body: { by: 'same' } },
    { path: { iccid: await stocked(api) }, body: {} },
    { path: UNKNOWN, body: {} },
    { path: await orderedAtUpstream(api, 'RELEASED'), body: {}, ...noWait },
  ],
  deleteEUICCProfile: async (api) => [
    { path: { iccid: await stocked(api) }, query: '?history=remove&force=true' },
    { path: { iccid: await installed(api) } },
    { path: UNKNOWN },
  ],
  updateEUICCProfile: async (api) => {
    const path = { iccid: await stocked(api) };
    return [
      { path, body: { profile_name: 'Another' } },
      { path, body: { download_attempts: 3 } },
      { path: { iccid: (await ordered(api)).iccid }, body: { confirmation_code: '2468', expires_at: null } },
      { path: UNKNOWN, body: { profile_name: 'Another' } },
    ];
  },
  listDownloadAttempts: async (api) => {
    const iccid = await stocked(api);
    const refused = { subjectCode: '8.2.7', reasonCode: '3.8', message: 'the code is wrong' } as const;
    const call = { function: 'getBoundProfilePackage', at: START };
    const journal = [
      { ...call, refused },
      { ...call, ignored: refused },
      { ...call, reported: refused },
    ];
    for (const session of [1, 2].map(() => refusedSession({ askedFor: iccid as Iccid, journal })))
      await api.store.save([{ session }]);
    return [{}, { query: '?count=1' }, { query: '?eid=1' }];
  },
  getDownloadAttempt: async (api) => {
    const { store } = api;
    const refused = { subjectCode: '8.2.6', reasonCode: '3.8', message: 'unknown' } as const;
    const journal = [{ function: 'authenticateClient', at: START, refused, check: 'orderFound' }];
    const own = refusedSession({ askedFor: (await stocked(api)) as Iccid, journal });
    const unknown = refusedSession({ journal });
    await store.save([{ session: own }, { session: unknown }]);
    const { transactionId } = refusedSession();
    const call = { at: START, address: '192.0.2.7', function: 'authenticateClient', refused, skipped: 0 };
    await store.addRefusedCalls([{ ...call, transactionId, ciPKIds: ['00ff'] }], 9);
    return [own.transactionId, unknown.transactionId, transactionId, '00', 'none'].map((one) => ({
      path: { transactionId: one },
    }));
  },
  listRefusedCalls: async ({ store }) => {
    const refused = { subjectCode: '8.8.2', reasonCode: '3.1', message: 'no CI in common' } as const;
    const call = { at: START, address: '192.0.2.7', function: 'initiateAuthentication', refused, skipped: 0 };
    await store.addRefusedCalls([{ ...call, ciPKIds: ['00ff'] }], 9);
    return [{}, { query: '?count=1' }, { query: '?reason=wrong' }];
  },
  listAudit: async (api) => [{}, { query: `?count=1&cursor=${(await stocked(api)).length}&sort=oldest` }],
  eraseAuditEntry: async (api) => {
    const entry = { at: START, account: 'anna', targets: ['17'] };
    for (const operation of ['test', 'eraseLogEntries'])
      await api.store.addAuditEntry({ ...entry, operation });
    const { items } = await api.store.auditEntries({ account: 'anna', count: 2 });
    const body = { reason: 'request 2026-117 of a customer' };
    return [
      ...items.map(({ id }) => ({ path: { entryId: String(id) }, body })),
      { path: { entryId: '999999' }, body },
      { path: { entryId: String(items[0]?.id) }, body: { reason: '' } },
    ];
  },
  listApiKeys: async () => [{}],
  createApiKey: async (api) => {
    const many = Array.from({ length: 96 }, () => ({ body: { scope: 'read' } }));
    for (const { body } of many) await api.post('/api/v1/esim/keys', body);
    return [
      { body: { scope: 'order', name: 'shop', expires_at: new Date((START + 60) * 1000).toISOString() } },
      { body: { permissions: ['read'] } },
      { body: { permissions: ['read'], scope: 'read' } },
    ];
  },
  rotateApiKey: async (api) => [
    { path: { id: await newKey(api) }, body: { overlap_seconds: 60 } },
    { path: { id: '0'.repeat(16) }, body: {} },
  ],
  deleteApiKey: async (api) => [
    { path: { id: await newKey(api) } },
    { path: { id: await ownKey(api) } },
    { path: { id: '0'.repeat(16) } },
  ],
  ...webhookTries,
  ...mailTries,
  ...operatorTries,
  ...sessionTries,
  ...upstreamTries,
  ...coreNetworkTries,
  getStatus: async () => [{}],
  getHealth: async () => [{}],
  getReadiness: async () => [{}],
};

const DELETED = 'the server has to delete entries: rest-logs.test.ts';

const MANY_CHALLENGES = 'it takes 5,000 challenges: the contract of the store';

/** Documented answers that no call gets from a server that works, and why; `*` is for all operations. */
export const unreachable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '*': {
    422: 'a key has to be used twice: idempotency.test.ts',
    429: 'only a server with limits says so: rate-limits.test.ts',
  },
  getReadiness: { 503: 'it takes a server that cannot serve: rest-conventions.test.ts' },
  rotateApiKey: { 409: 'it takes 200 keys: accounts.test.ts' },
  updateProfileType: { 409: 'it takes 1,000 limits: rest-mail.test.ts' },
  putMailTemplate: { 409: 'it takes 100 templates: rest-mail.test.ts' },
  sendTestMail: { 409: 'it takes a server without mail: rest-mail.test.ts' },
  mailInvitation: { 409: 'it takes a server that sends no mail: rest-mail.test.ts' },
  importEUICCProfiles: { 503: 'it takes four imports at a time: rest-import.test.ts' },
  listEvents: { 503: 'it takes twenty open streams: rest-events.test.ts', 410: DELETED },
  getEUICCProfileHistory: { 410: DELETED },
  listAudit: { 410: DELETED },
  createSession: { 503: 'it takes many sign-ins at a time: passwords.test.ts' },
  createSignInChallenge: { 503: MANY_CHALLENGES },
  createPasskeyChallenge: { 503: MANY_CHALLENGES },
  changePassword: { 503: 'it takes many sign-ins at a time: passwords.test.ts' },
};
