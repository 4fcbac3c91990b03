import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contrastOf, isColour, paletteOf } from './colour.ts';

const [LIGHT, DARK] = ['#ffffff', '#16181d'];
const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);

test('the contrast is that of the formula of WCAG', () => {
  assert.equal(contrastOf('#000000', '#ffffff'), 21);
  assert.equal(contrastOf('#777777', '#ffffff').toFixed(2), '4.48');
  assert.equal(contrastOf('#767676', '#ffffff').toFixed(2), '4.54');
});

test('whatever the colour of an account is, texts and the button keep their contrast', () => {
  fc.assert(
    fc.property(colour, (own) => {
      const { button, onButton, border, accent } = paletteOf(own);
      assert.ok(contrastOf(button, onButton) >= 4.5);
      assert.ok(contrastOf(accent.light, LIGHT) >= 4.5);
      assert.ok(contrastOf(accent.dark, DARK) >= 4.5);
      assert.ok(contrastOf(border.light, LIGHT) >= 3);
      assert.ok(contrastOf(border.dark, DARK) >= 3);
      for (const one of [button, onButton, ...Object.values(border), ...Object.values(accent)])
        assert.ok(isColour(one), one);
    }),
    { numRuns: 500 },
  );
});

test('a colour that is readable already stays as it is', () => {
  const { accent, border } = paletteOf('#0b57d0');
  assert.equal(accent.light, '#0b57d0');
  assert.equal(border.light, '#0b57d0');
});

test('only six hexadecimal digits in lower case are a colour', () => {
  for (const text of ['#fff', '#FFFFFF', 'red', '#12345g', '#0000000', '#000000}body{display:none', ''])
    assert.equal(isColour(text), false, text);
});
