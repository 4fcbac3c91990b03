import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** What a browser and an authenticator do: a passkey in memory, with faults to choose. */
export type Authenticator = {
  readonly credentialId: string;
  /** The next value of its counter. */
  counter: number;
  attest(challenge: Challenge, faults?: Faults): Attested;
  assert(challenge: Challenge, faults?: Faults): Asserted;
};

export type Challenge = { readonly challenge: string; readonly rp_id: string };
export type Faults = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly isUnverified?: true;
  readonly type?: string;
  readonly format?: string;
};
type Attested = { credential_id: string; client_data: string; attestation_object: string };
type Asserted = { credential_id: string; client_data: string; authenticator_data: string; signature: string };

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const text = (data: Buffer) => data.toString('base64url');

/** `origin`: the page in the browser. */
export function createAuthenticator(origin = 'http://localhost'): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  const clientData = (type: string, { challenge }: Challenge, faults: Faults) =>
    Buffer.from(
      JSON.stringify({
        type: faults.type ?? type,
        challenge,
        origin: faults.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const dataFor = (rpId: string, flags: number, { isUnverified }: Faults) => {
    const head = Buffer.alloc(5);
    head[0] = flags | USER_PRESENT | (isUnverified ? 0 : USER_VERIFIED);
    head.writeUInt32BE(authenticator.counter, 1);
    return Buffer.concat([sha256(rpId), head]);
  };
  const authenticator: Authenticator = {
    credentialId: text(id),
    counter: 0,
    attest: (challenge, faults = {}) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const data = Buffer.concat([
        dataFor(faults.rpId ?? challenge.rp_id, HAS_CREDENTIAL, faults),
        Buffer.alloc(16),
        length,
        id,
        cose,
      ]);
      const size = Buffer.from([0x58, data.length]);
      const { format = 'none' } = faults;
      const object = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from('fmt'),
        Buffer.from([0x60 + format.length]),
        Buffer.from(format),
        Buffer.from([0x67]),
        Buffer.from('attStmt'),
        Buffer.from([0xa0, 0x68]),
        Buffer.from('authData'),
        size,
        data,
      ]);
      return {
        credential_id: text(id),
        client_data: text(clientData('webauthn.create', challenge, faults)),
        attestation_object: text(object),
      };
    },
    assert: (challenge, faults = {}) => {
      const data = dataFor(faults.rpId ?? challenge.rp_id, 0, faults);
      const client = clientData('webauthn.get', challenge, faults);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
      return {
        credential_id: text(id),
        client_data: text(client),
        authenticator_data: text(data),
        signature: text(signature),
      };
    },
  };
  return authenticator;
}
