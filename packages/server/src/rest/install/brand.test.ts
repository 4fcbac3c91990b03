import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeQrMatrix } from '../../qr/matrix.ts';
import { renderPng } from '../../qr/png.ts';
import {
  INSTALL_URL,
  LIST,
  ordered,
  problemIn,
  READ_KEY,
  type RestTest,
  restTest,
} from '../testing/rest.harness.ts';

const BRAND = '/api/v1/esim/brand';
const png = renderPng(encodeQrMatrix('logo', { ecc: 'M', margin: 4 }));
const whole = {
  name: 'Reise & Netz <b>',
  colour: '#FFCC00',
  support_url: 'https://www.example.com/help?a=1&b=2',
  support_email: 'help@example.com',
  support_phone: '+49 30 123456',
  language: 'de',
};

let api: RestTest;
before(async () => {
  api = await restTest();
});
after(() => api[Symbol.asyncDispose]());

const patch = (body: object, more = {}) => api.call(BRAND, { method: 'PATCH', payload: body, ...more });
const brand = async () => (await api.call(BRAND)).json();

test('the brand is that of the account until it is set, and each member can be set and removed', async () => {
  assert.deepEqual(await brand(), { name: 'anna' });
  const answer = await patch({ ...whole, logo: png.toString('base64') });
  assert.equal(answer.statusCode, 200, answer.body);
  const { logo, ...others } = answer.json();
  assert.deepEqual(others, { ...whole, colour: '#ffcc00' });
  assert.deepEqual({ ...logo, url: '' }, { url: '', type: 'image/png', width: 232, height: 232 });
  assert.deepEqual(await brand(), answer.json());
  assert.deepEqual((await api.call(BRAND, { by: 'bert' })).json(), { name: 'bert' });

  const picture = await api.call(logo.url.slice(INSTALL_URL.length), { by: null });
  assert.equal(picture.headers['content-type'], 'image/png');
  assert.equal(picture.headers['x-content-type-options'], 'nosniff');
  assert.match(String(picture.headers['cache-control']), /immutable/);
  assert.ok(picture.rawPayload.equals(png));
});

test('a preview shows changes that are not saved, each state and each device, and saves nothing', async () => {
  const before = await brand();
  const preview = async (body: object) => {
    const answer = await api.post(`${BRAND}/preview`, body);
    assert.equal(answer.statusCode, 200, answer.body);
    return String(answer.json().html);
  };
  const changes = {
    name: 'Another name',
    colour: '#7A1FA2',
    support_phone: null,
    logo: png.toString('base64'),
  };
  const shown = await preview({ language: 'fr', device: 'apple', brand: changes });
  assert.match(shown, /<html lang="fr"[\s\S]*style-[\w-]{12}-7a1fa2\.css/);
  assert.ok(shown.includes(`<img src="data:image/png;base64,${png.toString('base64')}"`));
  assert.ok(
    shown.includes('Another name') && shown.includes('esimsetup.apple.com') && !shown.includes('tel:'),
  );
  assert.match(
    await preview({ brand: { support_email: 'a+b?bcc=c&body=d@example.com' } }),
    /href="mailto:a%2Bb%3Fbcc%3Dc%26body%3Dd@example\.com"/,
  );
  assert.match(await preview({ state: 'installed' }), /<h1>[\s\S]*Your eSIM is installed/);
  assert.doesNotMatch(await preview({ state: 'installed' }), /LPA:1/);
  assert.match(await preview({ brand: { logo: null, name: null } }), /<header><bdi>anna<\/bdi>/);
  for (const body of [{ logo: 'AAAA' }, { support_url: 'http://plain.example' }, { language: 'xx' }])
    problemIn(await api.post(`${BRAND}/preview`, { brand: body }), 400, 'invalid_value');
  problemIn(await api.post(`${BRAND}/preview`, { state: 'lost' }), 400, 'validation_failed');
  assert.deepEqual(await brand(), before);
});

test('the page and its preview have the brand, and nothing of it is HTML', async () => {
  const { iccid } = await ordered(api);
  const { url } = (await api.post(`${LIST}/${iccid}/install-link`, {})).json();
  const page = await api.call(url.slice(INSTALL_URL.length), {
    by: null,
    headers: { 'accept-language': 'ja' },
  });
  const preview = await api.post(`${BRAND}/preview`, { language: 'de' });
  for (const body of [page.body, preview.json().html]) {
    assert.match(body, /<html lang="de"/);
    assert.match(body, /<bdi>Reise &amp; Netz &lt;b&gt;<\/bdi>/);
    assert.match(body, /href="mailto:help@example\.com"/);
    assert.match(body, /href="tel:\+4930123456"/);
    assert.match(body, /style-[\w-]{12}-ffcc00\.css/);
    assert.match(body, /<img src="\/i\/-\/logo-[\w-]{43}" alt="" width="232" height="232">/);
  }
  const [style = ''] = /\/i\/-\/style-[\w-]+\.css/.exec(page.body) ?? [];
  const sheet = await api.call(style, { by: null });
  assert.match(sheet.body, /--on-button:#000000/);
});

test('a member that is null is removed, and the others stay', async () => {
  const { logo, ...rest } = await brand();
  assert.ok(logo);
  const { support_phone: _, ...left } = rest;
  assert.deepEqual((await patch({ logo: null, support_phone: null })).json(), left);
  assert.equal((await api.call(logo.url.slice(INSTALL_URL.length), { by: null })).statusCode, 404);
});

test('what a page should not have is refused, and changes nothing', async () => {
  const before = await brand();
  for (const body of [
    { colour: 'red' },
    { colour: '#12345' },
    { support_url: 'http://example.com' },
    { support_url: 'javascript:alert(1)' },
    { support_url: 'https://a:b@example.com' },
    { support_email: 'nobody' },
    { support_phone: 'call us' },
    { language: 'xx' },
    { name: '' },
    { logo: 'not base64!' },
    { logo: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64') },
    { icon: 'x' },
  ])
    problemIn(await patch(body), 400);
  assert.deepEqual(await brand(), before);
  problemIn(await patch({ name: 'x' }, { headers: { 'x-api-key': READ_KEY } }), 403, 'forbidden');
});
