import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf } from './device.ts';
import { collectLinkViews, isPerson } from './views.ts';

const MOZILLA = 'Mozilla/5.0 ';
const agents = {
  iphone18:
    '(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
  iphone174:
    '(iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
  iphone173:
    '(iPhone; CPU iPhone OS 17_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Mobile/15E148 Safari/604.1',
  instagram:
    '(iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 350.0',
  pixel:
    '(Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
  webview:
    '(Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A]',
  windows:
    '(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  mac: '(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
} as const;
const agent = (name: keyof typeof agents) => MOZILLA + agents[name];

test('the device is known by its User-Agent', () => {
  const expected = {
    iphone18: ['apple', true, false],
    iphone174: ['apple', true, false],
    iphone173: ['apple', false, false],
    instagram: ['apple', true, true],
    pixel: ['android', true, false],
    webview: ['android', true, true],
    windows: ['windows', true, false],
    mac: ['other', false, false],
  } as const;
  for (const [name, [system, takesLink, isEmbedded]] of Object.entries(expected))
    assert.deepEqual(deviceOf(agent(name as keyof typeof agents)), { system, takesLink, isEmbedded }, name);
  for (const odd of [undefined, '', 'x'.repeat(100_000)])
    assert.deepEqual(deviceOf(odd), { system: 'other', takesLink: false, isEmbedded: false });
});

const HTML = 'text/html,application/xhtml+xml';

test('views of people are counted, and those of scanners, previews and prefetches are not', () => {
  const opened = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: HTML };
  for (const name of ['iphone18', 'iphone174', 'instagram', 'mac'] as const)
    assert.ok(isPerson({ 'user-agent': agent(name), accept: HTML }, true), name);
  for (const name of ['pixel', 'webview', 'windows'] as const) {
    assert.ok(isPerson({ 'user-agent': agent(name), ...opened }, true), name);
    assert.ok(!isPerson({ 'user-agent': agent(name), accept: HTML }, true), `${name} without its purpose`);
    assert.ok(isPerson({ 'user-agent': agent(name), accept: HTML }, false), `${name} on a page without TLS`);
  }
  const mine = { 'user-agent': agent('pixel'), ...opened };
  for (const headers of [
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-dest': 'iframe' },
    { accept: '*/*' },
  ])
    assert.ok(!isPerson({ ...mine, ...headers }, true), JSON.stringify(headers));
  for (const program of [
    '',
    'curl/8.5.0',
    'python-requests/2.31',
    'facebookexternalhit/1.1',
    'WhatsApp/2.23.20.0',
    `${MOZILLA}(compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
    `${MOZILLA}(Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)`,
    `${MOZILLA}(X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36`,
    `${MOZILLA}(compatible; Slackbot-LinkExpanding 1.0; +https://api.slack.com/robots)`,
    `${MOZILLA}(Macintosh) AppleWebKit/605.1.15 TelegramBot (like TwitterBot)`,
  ])
    assert.ok(!isPerson({ ...opened, 'user-agent': program }, true), program);
});

test('views wait in memory until they are stored, in portions', async () => {
  const portions: (readonly { hash: string; views: number; at: number }[])[] = [];
  const views = collectLinkViews({ recordLinkViews: async (all) => void portions.push(all) });
  views.record('a', 1);
  views.record('a', 2);
  for (let i = 0; i < 600; i++) views.record(`b${i}`, 3);
  assert.equal(portions.length, 0);
  await views.flush();
  assert.deepEqual(
    portions.map(({ length }) => length),
    [500, 101],
  );
  assert.deepEqual(portions[0]?.[0], { hash: 'a', views: 2, at: 2 });
  await views.flush();
  assert.equal(portions.length, 2);
});
