import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { parseWebhookUrl } from './url.ts';

/** What a URL is refused for: in the Internet, and where private networks are allowed; nothing: it is taken. */
const cases: readonly [url: string, open: RegExp | undefined, allowed: RegExp | undefined][] = [
  ['https://example.com/hook?token=1', undefined, undefined],
  ['https://example.com:8443/', undefined, undefined],
  ['https://[2606:4700:4700::1111]/', undefined, undefined],
  ['http://example.com/', /must begin with https/, undefined],
  ['http://127.0.0.1:3000/hook', /must begin with https/, undefined],
  ['https://127.0.0.1/', /private network/, undefined],
  ['https://2130706433/', /private network/, undefined],
  ['https://0x7f.1/', /private network/, undefined],
  ['https://169.254.169.254/latest/meta-data', /private network/, undefined],
  ['https://192.168.1.1/', /private network/, undefined],
  ['https://[::1]/', /private network/, undefined],
  ['https://[fd00::1]/', /private network/, undefined],
  ['https://[::ffff:10.0.0.1]/', /private network/, undefined],
  ['https://localhost/', /private network/, undefined],
  ['https://LOCALHOST./', /private network/, undefined],
  ['https://a.localhost/', /private network/, undefined],
  ['ftp://example.com/', /must be a URL/, /must be a URL/],
  ['file:///etc/passwd', /must be a URL/, /must be a URL/],
  ['example.com/hook', /must be a URL/, /must be a URL/],
  ['https://', /must be a URL/, /must be a URL/],
  ['https://user:hush@example.com/', /without user name/, /without user name/],
  ['https://example.com/#part', /without a fragment/, /without a fragment/],
];

for (const [url, open, allowed] of cases)
  test(`${url} is ${open ? 'refused' : 'taken'} in the Internet, and ${allowed ? 'refused' : 'taken'} in labs`, () => {
    for (const [allowPrivate, refusal] of [
      [false, open],
      [true, allowed],
    ] as const) {
      const parse = () => parseWebhookUrl(url, allowPrivate);
      if (refusal === undefined) assert.equal(parse(), new URL(url).href);
      else
        assert.throws(parse, (error) => {
          assert.ok(error instanceof ValueError);
          assert.match(error.message, refusal);
          assert.doesNotMatch(error.message, /hush/);
          return true;
        });
    }
  });
