import encodeQR from 'qr';

/** How much of a code may be unreadable: 7, 15, 25 or 30 per cent. */
export type ErrorCorrection = 'L' | 'M' | 'Q' | 'H';

export const errorCorrections = ['L', 'M', 'Q', 'H'] as const satisfies readonly ErrorCorrection[];

export type MatrixOptions = {
  readonly ecc: ErrorCorrection;
  /** Modules of quiet zone on each side: 4 or more, or phones in dark mode find no code (ISO/IEC 18004 9.1). */
  readonly margin: number;
};

/** The modules of a QR code, row by row, its quiet zone included; true is dark. */
export type QrMatrix = readonly (readonly boolean[])[];

const levels = { L: 'low', M: 'medium', Q: 'quartile', H: 'high' } as const;

export function encodeQrMatrix(text: string, { ecc, margin }: MatrixOptions): QrMatrix {
  return encodeQR(text, 'raw', { ecc: levels[ecc], border: margin });
}
