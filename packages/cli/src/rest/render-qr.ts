import type { QrMatrix } from '@esim-rsp/server/qr/matrix';

const [BLACK_ON_WHITE, RESET] = ['\x1b[38;5;16;48;5;231m', '\x1b[0m'];

/**
 * Renders a QR code in half blocks, two rows of modules per line. A terminal shows it black on white with any colour theme.
 * Without colours it renders the light modules, as other programs do, for dark backgrounds.
 */
export function renderQr(matrix: QrMatrix, colours: boolean): string {
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
