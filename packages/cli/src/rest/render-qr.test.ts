import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderQr } from './render-qr.ts';

const matrix = [
  [true, true, false, false],
  [true, false, true, false],
  [true, false, true, false],
];

test('a terminal shows dark modules, black on white with any colour theme', () => {
  const [on, off] = ['\x1b[38;5;16;48;5;231m', '\x1b[0m'];
  assert.equal(renderQr(matrix, true), `${on}█▀▄ ${off}\n${on}▀ ▀ ${off}`);
});

test('without colours the light modules are shown, for dark backgrounds', () => {
  assert.equal(renderQr(matrix, false), ' ▄▀█\n▄█▄█');
});
