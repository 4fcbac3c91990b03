import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseActivationCode } from './activation-code.ts';
import { activationCodeInText } from './pasted-activation-code.ts';

const code = 'LPA:1$smdp.example.com$K2-XYZ';

test('an activation code is found as people paste it', () => {
  const pasted = [
    code,
    ` ${code}`,
    `\n${code}\r\n`,
    `\ufeff${code}`,
    'LPA: 1$smdp.example.com$K2-XYZ',
    'LPA:1$smdp.example.com$\nK2-XYZ',
    `"${code}"`,
    `\u201c${code}\u201d`,
    `<${code}>`,
    'LPA:1$smdp.\u200bexample.com$K2\u00ad-XYZ',
    'LPA:1$smdp.example.com$K2-XYZ\u00a0',
    'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24smdp.example.com%24K2-XYZ',
    'https://esimsetup.android.com/esim_qrcode_provisioning?x=1&carddata=LPA:1$smdp.example.com$K2-XYZ#top',
  ];
  for (const text of pasted) assert.equal(activationCodeInText(text), code, JSON.stringify(text));
  assert.equal(activationCodeInText('lpa:1$smdp.example.com$K2-XYZ'), 'lpa:1$smdp.example.com$K2-XYZ');
  assert.equal(activationCodeInText('1$smdp.example.com$K2-XYZ'), '1$smdp.example.com$K2-XYZ');
});

test('what is found can be read', () => {
  const found = activationCodeInText(' lpa: 1$smdp.example.com$K2-XYZ ');
  assert.equal(parseActivationCode(found ?? '').smdpAddress, 'smdp.example.com');
});

test('other texts are no activation code', () => {
  const others = [
    '',
    'code.png',
    './1',
    'https://example.com/?carddata=%E0%A4%A',
    'https://example.com/?carddata=hello',
    'x'.repeat(3000),
    `${' '.repeat(2000)}${code}`,
  ];
  for (const text of others) assert.equal(activationCodeInText(text), undefined, text.slice(0, 50));
});
