import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** How to unpack each content coding (RFC 9110 8.4.1). */
const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** For Accept-Encoding, in the answer to a body that cannot be unpacked (RFC 9110 12.5.3). */
export const ACCEPTED_CODINGS = 'gzip, deflate, br';

/** Octets of any body once unpacked; most readers take far fewer. */
const MOST_UNPACKED = 2_000_000_000;

/** The body is not what Content-Encoding says, or too large. */
export class CodingError extends Error {
  override readonly name = 'CodingError';
}

/** A body as it was before its coding. `receivedEncodedLength`: the octets that have arrived (Fastify compares it with Content-Length). */
export type DecodedBody = Readable & { receivedEncodedLength?: number };

/** The coding of a body: undefined if it has none. */
export function codingOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const coding = headers['content-encoding']?.trim().toLowerCase();
  return coding === '' || coding === 'identity' ? undefined : coding;
}

/**
 * Unpacks a body piece by piece, as fast as it is read; the reader limits the length. If the body is not what it says, the error is a
 * CodingError. undefined: the coding is not one of `ACCEPTED_CODINGS`.
 */
export function decodeBody(body: Readable, coding: string): DecodedBody | undefined {
  const createDecoder = decoders.get(coding);
  if (createDecoder === undefined) return undefined;
  const decoded: DecodedBody & PassThrough = new PassThrough();
  const decoder = createDecoder();
  decoder.on('error', () =>
    decoded.destroy(new CodingError(`the body is not ${coding}, as Content-Encoding says`)),
  );
  let unpacked = 0;
  decoder.on('data', (piece: Buffer) => {
    unpacked += piece.length;
    if (unpacked > MOST_UNPACKED)
      decoded.destroy(new CodingError(`unpacked, the body has more than ${MOST_UNPACKED} bytes`));
  });
  let length = 0;
  body.on('data', (piece: Buffer) => {
    length += piece.length;
    decoded.receivedEncodedLength = length;
  });
  body.on('error', (error) => decoded.destroy(error));
  body.pipe(decoder).pipe(decoded);
  return decoded;
}
