import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawQr } from './draw-qr.ts';

const matrix = [
  [true, true, false, false],
  [true, false, true, false],
  [true, false, true, false],
];

test('a terminal shows dark modules, black on white with any colour theme', () => {
  const [on, off] = ['\x1b[38;5;16;48;5;231m', '\x1b[0m'];
  assert.equal(drawQr(matrix, true), `${on}█▀▄ ${off}\n${on}▀ ▀ ${off}`);
});

test('without colours the light modules are shown, for dark backgrounds', () => {
  assert.equal(drawQr(matrix, false), ' ▄▀█\n▄█▄█');
});
