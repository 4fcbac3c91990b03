import type { Socket } from 'node:net';

/** A TLS record has a header of 5 octets and at most this many octets of content (RFC 8446 5.1). */
const MAX_RECORD = 16_384;
const HEADER = 5;

/**
 * Waits for the first TLS record of a connection and passes it to `done`, or the received octets if they are not a record. It
 * puts the octets back into the socket. Closes a connection that ends first or takes longer than `timeout` milliseconds.
 */
export function readClientHello(socket: Socket, timeout: number, done: (record: Buffer) => void): void {
  let read: Buffer = Buffer.alloc(0);
  const giveUp = () => socket.destroy();
  const timer = setTimeout(giveUp, timeout);
  const finish = () => {
    clearTimeout(timer);
    socket.off('readable', take).off('end', giveUp);
    if (socket.destroyed) return;
    socket.unshift(read);
    done(read);
  };
  const take = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read())
      read = Buffer.concat([read, chunk]);
    const isHandshake = read.length === 0 || read[0] === 0x16;
    const length = read.length < HEADER ? MAX_RECORD : read.readUInt16BE(3);
    if (!isHandshake || length > MAX_RECORD || read.length >= HEADER + length) finish();
  };
  socket.on('readable', take).on('end', giveUp);
  socket.on('error', giveUp).once('close', () => clearTimeout(timer));
}

/** Named groups (IANA): secp256r1, and brainpoolP256r1 in TLS 1.2 and 1.3. */
const SECP256R1 = 23;
const BRAINPOOL = [26, 31];
/** ecdsa_brainpoolP256r1tls13_sha256 (RFC 8734): TLS 1.3 needs it for a certificate on brainpoolP256r1. OpenSSL has it from 3.2 on. */
const BRAINPOOL_SCHEME = 0x081a;

/** Whether the client supports brainpoolP256r1 but not P-256. */
export function needsBrainpool(record: Buffer): boolean {
  const groups = listIn(record, SUPPORTED_GROUPS);
  return !groups.includes(SECP256R1) && BRAINPOOL.some((group) => groups.includes(group));
}

/** Whether the client can verify a signature with brainpoolP256r1 in TLS 1.3. In TLS 1.2 every client with the curve can. */
export function verifiesBrainpoolInTls13(record: Buffer): boolean {
  return listIn(record, SIGNATURE_ALGORITHMS).includes(BRAINPOOL_SCHEME);
}

const CLIENT_HELLO = 1;
/** Extensions whose value is a list of numbers of two octets (RFC 8446 4.2.3, 4.2.7). */
const SUPPORTED_GROUPS = 10;
const SIGNATURE_ALGORITHMS = 13;

/** The list in an extension of a ClientHello. Empty: there is none, or it is not a ClientHello. */
function listIn(record: Buffer, extension: number): readonly number[] {
  try {
    return readList(record, extension);
  } catch (error) {
    if (error instanceof RangeError) return []; // it ends too early
    throw error;
  }
}

function readList(record: Buffer, extension: number): readonly number[] {
  if (record.readUInt8(HEADER) !== CLIENT_HELLO) return [];
  let at = HEADER + 4 + 2 + 32; // handshake header, legacy_version, random
  at += 1 + record.readUInt8(at); // legacy_session_id
  at += 2 + record.readUInt16BE(at); // cipher_suites
  at += 1 + record.readUInt8(at); // legacy_compression_methods
  const end = at + 2 + record.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + record.readUInt16BE(at + 2)) {
    if (record.readUInt16BE(at) !== extension) continue;
    const count = record.readUInt16BE(at + 4) / 2;
    return Array.from({ length: Math.floor(count) }, (_, i) => record.readUInt16BE(at + 6 + 2 * i));
  }
  return [];
}
