import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawQr } from './draw-qr.ts';

const matrix = [
  [true, true, false, false],
  [true, false, true, false],
  [true, false, true, false],
];

test('in a terminal dark modules are drawn, black on white whatever its colours are', () => {
  const [on, off] = ['\x1b[38;5;16;48;5;231m', '\x1b[0m'];
  assert.equal(drawQr(matrix, true), `${on}█▀▄ ${off}\n${on}▀ ▀ ${off}`);
});

test('without colours light modules are drawn, for dark backgrounds', () => {
  assert.equal(drawQr(matrix, false), ' ▄▀█\n▄█▄█');
});
