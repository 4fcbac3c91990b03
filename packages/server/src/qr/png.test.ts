import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { encodeQrMatrix } from './matrix.ts';
import { renderPng } from './png.ts';

const code = 'LPA:1$localhost:8443$04386-AGYFT-A74Y8-3F815';

/** Whether each pixel is dark, row by row; also that there is nothing but black and white. */
function pixelsOf(png: Buffer): boolean[][] {
  const { width, height, data } = PNG.sync.read(png);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => {
      const at = 4 * (y * width + x);
      const [red, green, blue, alpha] = data.subarray(at, at + 4);
      assert.ok(alpha === 255 && red === green && red === blue && (red === 0 || red === 255));
      return red === 0;
    }),
  );
}

for (const size of [41, 64, 100, 123, 327, 328, 329, 1000, 2048])
  test(`at ${size} pixels every module is a square of whole pixels, in the middle`, () => {
    const matrix = encodeQrMatrix(code, { ecc: 'M', margin: 4 });
    const scale = Math.floor(size / matrix.length);
    const before = (size - scale * matrix.length) >> 1;
    const pixels = pixelsOf(renderPng(matrix, size));
    assert.deepEqual([pixels.length, pixels[0]?.length], [size, size]);
    for (const [y, row] of pixels.entries())
      for (const [x, dark] of row.entries()) {
        const module = matrix[Math.floor((y - before) / scale)]?.[Math.floor((x - before) / scale)];
        assert.equal(dark, module ?? false, `pixel ${x}, ${y}`);
      }
  });

test('an independent reader finds the activation code in the picture', () => {
  const { data, width, height } = PNG.sync.read(renderPng(encodeQrMatrix(code, { ecc: 'M', margin: 4 })));
  assert.equal(jsQR.default(new Uint8ClampedArray(data), width, height)?.data, code);
});

test('a picture that is smaller than the code is not drawn', () => {
  assert.throws(() => renderPng(encodeQrMatrix(code, { ecc: 'M', margin: 4 }), 40), RangeError);
});
