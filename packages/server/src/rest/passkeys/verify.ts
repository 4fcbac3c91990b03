import { tokenHash } from '../../accounts/console-tickets.ts';
import type { Passkey, PasskeyStore } from '../../store/ports/people/passkeys.ts';
import type { RelyingParty } from './relying-party.ts';

/** What a browser has after somebody used a passkey. All in base64url. */
export type Assertion = {
  readonly credential_id: string;
  readonly client_data: string;
  readonly authenticator_data: string;
  readonly signature: string;
};

/** What a browser has after somebody created a passkey. */
export type Attestation = {
  readonly credential_id: string;
  readonly client_data: string;
  readonly attestation_object: string;
  readonly transports?: readonly string[];
};

/** ES256, EdDSA and RS256. */
const ALGORITHMS = [-7, -8, -257];

/** The library is loaded when it is needed first: it takes 30 MB of memory. */
const library = () => import('@simplewebauthn/server');

type Taken = {
  readonly store: Pick<PasskeyStore, 'takePasskeyChallenge'>;
  /** Whose challenge it must be; absent: that of somebody who signs in. */
  readonly person?: string;
  /** Unix seconds. */
  readonly now: number;
};

/** The challenge that a passkey has signed, if it is ours, for this person, and was not used: from now on it is. */
async function takeChallenge(clientData: string, { store, person, now }: Taken): Promise<string | undefined> {
  const challenge = challengeIn(clientData);
  if (challenge === undefined) return undefined;
  const taken = await store.takePasskeyChallenge(tokenHash(challenge), now);
  return taken !== undefined && taken.person === person ? challenge : undefined;
}

function challengeIn(clientData: string): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, 'base64url').toString());
    return typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** The library throws for input that it cannot read. */
async function undefinedIfUnreadable<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** The public key and the counter of a new passkey; undefined: what the browser has sent is wrong. */
export async function verifyAttestation(
  attestation: Attestation,
  { id, origin }: RelyingParty,
  taken: Taken,
): Promise<Pick<Passkey, 'credentialId' | 'publicKey' | 'counter'> | undefined> {
  const { credential_id: credential, client_data, attestation_object } = attestation;
  const expectedChallenge = await takeChallenge(client_data, taken);
  if (expectedChallenge === undefined) return undefined;
  return undefinedIfUnreadable(async () => {
    if (!(await isAnonymous(attestation_object))) return undefined;
    const { verifyRegistrationResponse } = await library();
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...{ id: credential, rawId: credential, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: client_data, attestationObject: attestation_object },
      },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) return undefined;
    const { publicKey, counter } = registrationInfo.credential;
    return { credentialId: Buffer.from(registrationInfo.credential.id, 'base64url'), publicKey, counter };
  });
}

/** Whether an attestation has no certificates: none are asked for, and reading those of others would call the hosts that they name. */
async function isAnonymous(attestation: string): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestation, 'base64url')));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

/** The new counter of a passkey; undefined: the assertion is wrong, or the counter has not grown, as that of a copied device. */
export async function verifyAssertion(
  assertion: Assertion,
  { id, origin }: RelyingParty,
  passkey: Passkey,
  taken: Taken,
): Promise<number | undefined> {
  const { credential_id: credential, client_data, authenticator_data, signature } = assertion;
  const expectedChallenge = await takeChallenge(client_data, taken);
  if (expectedChallenge === undefined) return undefined;
  return undefinedIfUnreadable(async () => {
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        ...{ id: credential, rawId: credential, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: client_data, authenticatorData: authenticator_data, signature },
      },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: credential,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.counter,
      },
    });
    return verified ? authenticationInfo.newCounter : undefined;
  });
}
