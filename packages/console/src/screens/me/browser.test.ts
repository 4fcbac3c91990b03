import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserIn } from './browser.ts';

test('a session is named by its browser and system', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';
  assert.equal(browserIn(chrome), 'Chrome, Windows');
  assert.equal(browserIn(`${chrome} Edg/140.0.0.0`), 'Edge, Windows');
  assert.equal(
    browserIn('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'),
    'Firefox, Linux',
  );
  assert.equal(
    browserIn(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1',
    ),
    'Safari, iOS',
  );
});

test('another program has no name', () => {
  assert.deepEqual([browserIn('curl/8.5.0'), browserIn(undefined)], [undefined, undefined]);
});
