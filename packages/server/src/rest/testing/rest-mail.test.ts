import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { problemIn, READ_KEY, restTest } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const TEMPLATES = '/api/v1/esim/mail-templates';
const MAILS = '/api/v1/esim/mail-deliveries';
const put = (path: string, payload: object, more: object = {}) =>
  api.call(`${TEMPLATES}/${path}`, { method: 'PUT', payload, ...more });

test('an account writes a template, previews it, uses it, and takes the text of the server again', async () => {
  const ours = (await api.call(`${TEMPLATES}/test/de`)).json();
  assert.deepEqual([ours.is_own, ours.placeholders[0].name], [false, 'account']);
  const own = { subject: 'Grüße von {{account}}', text: 'Ein Test\n', html: '<p>{{account}}</p>' };
  const saved = await put('test/de', own);
  assert.equal(saved.statusCode, 200, saved.body);
  assert.deepEqual((await api.call(`${TEMPLATES}/test/de`)).json(), saved.json());
  const { subject, text, html, is_own } = saved.json();
  assert.deepEqual({ subject, text, html, is_own }, { ...own, is_own: true });

  const preview = await api.post(`${TEMPLATES}/test/de-AT/preview`, {});
  assert.deepEqual(preview.json(), {
    subject: 'Grüße von Example Mobile',
    text: 'Ein Test\n',
    html: '<p>Example Mobile</p>',
  });
  const changed = await api.post(`${TEMPLATES}/test/de/preview`, { subject: 'Neu' });
  assert.equal(changed.json().subject, 'Neu');

  const listed = (await api.call(TEMPLATES)).json();
  assert.equal(listed.total, listed.mail_templates.length);
  assert.ok(listed.mail_templates.some((one: { is_own: boolean }) => one.is_own));
  assert.equal((await api.call(`${TEMPLATES}/test/de`, { by: 'bert' })).json().is_own, false);
  assert.equal((await api.call(`${TEMPLATES}/test/de`, { method: 'DELETE' })).statusCode, 204);
  assert.deepEqual((await api.call(`${TEMPLATES}/test/de`)).json(), ours);
  problemIn(await api.call(`${TEMPLATES}/test/de`, { method: 'DELETE' }), 404, 'mail_template_not_found');
});

test('every change of a template is in the audit log, with the kind and the language', async () => {
  await put('test/nl', { subject: 's', text: 't' });
  await api.call(`${TEMPLATES}/test/nl`, { method: 'DELETE' });
  const { entries } = (await api.call('/api/v1/esim/audit?count=2')).json();
  assert.deepEqual(
    entries.map((one: { operation: string; targets: string[] }) => [one.operation, one.targets]),
    [
      ['deleteMailTemplate', ['test', 'nl']],
      ['putMailTemplate', ['test', 'nl']],
    ],
  );
});

test('a template that is not right is refused, and says what is allowed', async () => {
  const unknown = problemIn(await put('test/de', { subject: '{{link}}', text: 't' }), 400, 'invalid_value');
  assert.match(unknown.detail, /subject has \{\{link\}\}, .*are \{\{account\}\}$/);
  for (const body of [
    { subject: 'two\r\nBcc: all@example.com', text: 't' },
    { subject: 'two\u2028lines', text: 't' },
    { subject: '', text: 't' },
    { subject: 'x'.repeat(201), text: 't' },
    { subject: 's', text: 'x'.repeat(10_001) },
    { subject: 's', text: 't', html: 'x'.repeat(30_001) },
    { subject: 's' },
  ])
    problemIn(await put('test/de', body), 400, 'validation_failed');
  for (const path of ['nothing/de', 'test/german', 'test/DE', 'constructor/de'])
    problemIn(await put(path, { subject: 's', text: 't' }), 400, 'validation_failed');
  const reading = { headers: { 'x-api-key': READ_KEY } };
  problemIn(await put('test/de', { subject: 's', text: 't' }, reading), 403, 'forbidden');
});

test('a test mail is a delivery of the account, which can be sent again when it has ended', async () => {
  const sent = await api.post(`${MAILS}/test`, { to: 'Anna@Example.COM', language: 'de' });
  assert.equal(sent.statusCode, 202, sent.body);
  const { id, to, language, type, state } = sent.json();
  assert.deepEqual([to, language, type, state], ['Anna@example.com', 'de', 'test', 'pending']);
  problemIn(await api.post(`${MAILS}/${id}/replay`, undefined), 409, 'delivery_pending');
  const result = { state: 'failed', nextAttemptAt: 0, lastStatus: 550, lastError: 'no such user' } as const;
  await api.store.settleDelivery({ id, attempts: 0 }, result);
  const again = (await api.post(`${MAILS}/${id}/replay`, undefined)).json();
  assert.deepEqual([again.to, again.language, again.state], [to, language, 'pending']);
  assert.notEqual(again.id, id);
  const { deliveries } = (await api.call(`${MAILS}?state=failed`)).json();
  assert.deepEqual([deliveries[0].last_status, deliveries[0].last_error], [550, 'no such user']);
  problemIn(await api.post(`${MAILS}/${id}/replay`, undefined, { by: 'bert' }), 404, 'delivery_not_found');
  assert.deepEqual((await api.call(MAILS, { by: 'bert' })).json().deliveries, []);
});

test('what is no address gets no mail, and an account has a limit', async () => {
  for (const to of [
    'anna',
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example, c@d.example',
    `${'a'.repeat(65)}@b.example`,
  ])
    assert.equal((await api.post(`${MAILS}/test`, { to })).statusCode, 400, to);
  const statuses = new Set<number>();
  for (let i = 0; i < 70; i++)
    statuses.add((await api.post(`${MAILS}/test`, { to: 'bert@example.com' }, { by: 'bert' })).statusCode);
  assert.deepEqual([...statuses], [202, 429]);
});

test('a server without mail says so', async () => {
  await using other = await restTest(undefined, { sendsMail: false });
  const { detail } = problemIn(
    await other.post(`${MAILS}/test`, { to: 'anna@example.com' }),
    409,
    'mail_not_configured',
  );
  assert.match(detail, /ESIM_SMTP_URL/);
});

test('an account has at most 100 templates', async () => {
  const text = { subject: 's', text: 't' };
  for (let i = 0; i < 100; i++)
    await api.store.putMailTemplate(
      { account: 'bert', kind: 'test', language: `x${i}`, ...text, changedAt: 1 },
      100,
    );
  problemIn(await put('test/de', text, { by: 'bert' }), 409, 'too_many_mail_templates');
});

test('recipients of alerts are set, changed, limited and deleted', async () => {
  const url = '/api/v1/esim/mail-recipients';
  const set = (address: string, payload: object = {}, more: object = {}) =>
    api.call(`${url}/${address}`, { method: 'PUT', payload, ...more });
  const saved = await set('Anna@Example.com', { kinds: ['low_stock'], language: 'de' });
  assert.deepEqual([saved.json().address, saved.json().kinds], ['Anna@example.com', ['low_stock']]);
  const { kinds, created_at } = (await set('Anna@example.com')).json();
  assert.deepEqual(
    [kinds, created_at],
    [['webhook_disabled', 'low_stock', 'core_network_failing', 'help_requested'], saved.json().created_at],
  );
  assert.equal((await api.call(url)).json().total, 1);
  assert.equal((await api.call(url, { by: 'bert' })).json().total, 0);
  problemIn(await set('nobody'), 400, 'validation_failed');
  problemIn(await set('anna@example.com', { kinds: ['certificate_expiry'] }), 400, 'validation_failed');
  problemIn(await set('anna@example.com', {}, { headers: { 'x-api-key': READ_KEY } }), 403, 'forbidden');
  assert.equal((await api.call(`${url}/Anna@example.com`, { method: 'DELETE' })).statusCode, 204);
  problemIn(await api.call(`${url}/Anna@example.com`, { method: 'DELETE' }), 404, 'recipient_not_found');
});

test('a type has a limit of stock, which its list shows, and an account has at most 1,000', async () => {
  const url = '/api/v1/esim/profile-types';
  const set = (low_stock_at: unknown, more: object = {}) =>
    api.call(`${url}/basic%2010`, { method: 'PATCH', payload: { low_stock_at }, ...more });
  assert.deepEqual((await set(10)).json(), { profile_type: 'basic 10', low_stock_at: 10 });
  const listed = (await api.call(url)).json().profile_types;
  assert.deepEqual(listed, [{ profile_type: 'basic 10', total: 0, states: {}, low_stock_at: 10 }]);
  assert.deepEqual((await set(null)).json(), { profile_type: 'basic 10' });
  assert.deepEqual((await api.call(url)).json().profile_types, []);
  for (const wrong of [-1, 1.5, '10', 1e12, undefined]) problemIn(await set(wrong), 400, 'validation_failed');
  for (let i = 0; i < 1000; i++)
    await api.store.setStockLimit({ account: 'bert', profileType: `type ${i}`, lowAt: 1 });
  problemIn(await set(10, { by: 'bert' }), 409, 'too_many_limits');
});
