import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import encodeQr from 'qr';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

function explain(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'explain', ...args], {
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}

test('esim explain says what a message is, given as text or on standard input, in words or as JSON', () => {
  assert.deepEqual(explain(['bf410680010a810102']), {
    status: 0,
    stdout:
      'CancelSessionRequest [BF41, 6 octets]\n  transactionId [80, 1 octet]: 0A\n  reason [81, 1 octet]: 2 timeout\n',
    stderr: '',
  });
  const { children, ...top } = JSON.parse(explain(['-', '--json'], 'v0EGgAEKgQEC\n').stdout);
  assert.deepEqual(top, { name: 'CancelSessionRequest', tag: 'BF41', length: 6 });
  assert.deepEqual(children[1], { name: 'reason', tag: '81', length: 1, value: '2 timeout' });
});

test('esim explain reads the QR code of an activation code and hides its MatchingID', () => {
  const directory = mkdtempSync(join(tmpdir(), 'esim-explain-'));
  try {
    const file = join(directory, 'code.png');
    writeFileSync(file, qrImage('LPA:1$smdp.example.com$K2-SECRET-9876'));
    const hidden = explain([file]);
    assert.match(hidden.stdout, /^activation code\n.*MatchingID: \*+9876\n/s);
    assert.doesNotMatch(hidden.stdout, /SECRET/);
    assert.match(explain([file, '--show-secrets']).stdout, /K2-SECRET-9876/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function qrImage(text: string): Buffer {
  const modules = encodeQr(text, 'raw', { border: 4, scale: 4 });
  const size = modules.length;
  const png = new PNG({ width: size, height: size });
  for (const [y, row] of modules.entries())
    for (const [x, dark] of row.entries())
      png.data.set(dark ? [0, 0, 0, 255] : [255, 255, 255, 255], 4 * (y * size + x));
  return PNG.sync.write(png);
}

test('what cannot be explained is refused in one line with exit code 1', () => {
  const { status, stdout, stderr } = explain(['no such thing']);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /^esim: the value cannot be explained: [^\n]* \(expected an activation code[^\n]*\n$/);
  assert.match(explain(['missing.der']).stderr, /^esim: there is no file missing\.der\n$/);
});
