import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** What the QR code in a PNG says, by a decoder that is not ours. */
export function qrTextOf(png: Buffer): string | undefined {
  const decode = jsqr as unknown as typeof jsqr.default; // its types call the CommonJS export a default one
  const { data, width, height } = PNG.sync.read(png);
  return decode(Uint8ClampedArray.from(data), width, height)?.data;
}
