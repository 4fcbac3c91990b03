import assert from 'node:assert/strict';
import type { RestTest } from '../testing/rest.harness.ts';
import type { Try } from './openapi-try.testdata.ts';

const TEMPLATES = '/api/v1/esim/mail-templates';
const RECIPIENTS = '/api/v1/esim/mail-recipients';
const ONE = { mailKind: 'test', language: 'fr' };
const text = { subject: 'Bonjour de {{account}}', text: 'Bonjour\n', html: '<p>Bonjour</p>' };
const WRONG = { ...text, text: '{{password}}' };

/** Writes a template of anna's; resolves to the parameters of its path. */
async function writtenTemplate(api: RestTest, language = ONE.language) {
  const path = { ...ONE, language };
  const answer = await api.call(`${TEMPLATES}/${path.mailKind}/${language}`, {
    method: 'PUT',
    payload: text,
  });
  assert.equal(answer.statusCode, 200, answer.body);
  return path;
}

/** A mail, which stays pending because no job runs. */
async function pendingMail(api: RestTest) {
  const answer = await api.post('/api/v1/esim/mail-deliveries/test', { to: 'anna@example.com' });
  assert.equal(answer.statusCode, 202, answer.body);
  return { mailDeliveryId: String(answer.json().id) };
}

export const mailTries: Readonly<Record<string, (api: RestTest) => Promise<readonly Try[]>>> = {
  listMailTemplates: async (api) => {
    await writtenTemplate(api);
    return [{}];
  },
  getMailTemplate: async (api) => [
    { path: await writtenTemplate(api) },
    { path: { mailKind: 'test', language: 'de' } },
    { path: { mailKind: 'test', language: 'xx' } },
  ],
  putMailTemplate: async () => [
    { path: ONE, body: text },
    { path: ONE, body: WRONG },
  ],
  deleteMailTemplate: async (api) => [
    { path: await writtenTemplate(api, 'aa-AA') },
    { path: { mailKind: 'test', language: 'xx' } },
  ],
  previewMailTemplate: async () => [
    { path: ONE, body: {} },
    { path: ONE, body: text },
    { path: ONE, body: WRONG },
  ],
  listMailDeliveries: async (api) => {
    await pendingMail(api);
    return [{}, { query: '?count=1&state=pending&types=test&sort=oldest' }];
  },
  sendTestMail: async () => [
    { body: { to: 'anna@example.com', language: 'de' } },
    { body: { to: 'nobody' } },
  ],
  listMailRecipients: async (api) => {
    await api.call(`${RECIPIENTS}/anna@example.com`, { method: 'PUT', payload: {} });
    return [{}];
  },
  putMailRecipient: async () =>
    Array.from({ length: 21 }, (_, i) => ({
      path: { address: `anna${i}@example.com` },
      body: i === 0 ? { kinds: ['low_stock'], language: 'de' } : {},
    })),
  deleteMailRecipient: async (api) => {
    await api.call(`${RECIPIENTS}/anna@example.com`, { method: 'PUT', payload: {} });
    return [{ path: { address: 'anna@example.com' } }, { path: { address: 'nobody@example.com' } }];
  },
  updateProfileType: async () => [
    { path: { profile_type: 'basic' }, body: { low_stock_at: 10 } },
    { path: { profile_type: 'basic' }, body: { low_stock_at: null } },
  ],
  replayMailDelivery: async (api) => {
    const path = await pendingMail(api);
    const done = await pendingMail(api);
    const settlement = { state: 'failed', nextAttemptAt: 0, lastStatus: 550 } as const;
    await api.store.settleDelivery({ id: Number(done.mailDeliveryId), attempts: 0 }, settlement);
    return [{ path: done }, { path }, { path: { mailDeliveryId: '999' } }];
  },
};
