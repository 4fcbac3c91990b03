import type { QrMatrix } from '@esim-rsp/server/qr/matrix';

const [BLACK_ON_WHITE, RESET] = ['\x1b[38;5;16;48;5;231m', '\x1b[0m'];

/**
 * A QR code in half blocks, two rows of modules in a line. In a terminal it is black on white whatever the colours of
 * that are; where no colours can be set, the light modules are drawn, as they are in other programs, for dark backgrounds.
 */
export function drawQr(matrix: QrMatrix, colours: boolean): string {
  const lines: string[] = [];
  for (let y = 0; y < matrix.length; y += 2) {
    const [upper = [], lower = []] = matrix.slice(y, y + 2);
    const blocks = upper.map((dark, x) => block(dark === colours, (lower[x] ?? false) === colours)).join('');
    lines.push(colours ? `${BLACK_ON_WHITE}${blocks}${RESET}` : blocks);
  }
  return lines.join('\n');
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
