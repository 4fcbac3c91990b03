import encodeQR from 'qr';

/** A QR code as SVG with a ground of its own: in forced colours that of a page, and of a picture in it, can be black. */
export function drawQr(text: string): string {
  const code = encodeQR(text, 'svg', { border: 4 });
  return code.replace('<path', '<rect width="100%" height="100%" fill="#fff"/><path');
}
