import type { CreatePasskeyRequest, ESIMRSPApi, PasskeyAssertion } from '@esim-rsp/sdk';

/** Whether this browser can use passkeys. */
export const hasPasskeys =
  typeof PublicKeyCredential === 'function' && typeof navigator.credentials?.get === 'function';

/** Public keys that the server can verify: ES256, EdDSA and RS256. */
const ALGORITHMS = [-7, -8, -257];

/** Asks for a passkey of this site, and for the user's finger, face or PIN. undefined: the user has declined. */
export async function askForPasskey(api: ESIMRSPApi): Promise<PasskeyAssertion | undefined> {
  const { data } = await api.createSignInChallenge({ retries: 0 });
  const credential = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: bytesOf(data.challenge),
        rpId: data.rp_id,
        userVerification: 'required',
        timeout: timeUntil(data.expires_at),
      },
    }),
  );
  if (credential === undefined) return undefined;
  const { authenticatorData, clientDataJSON, signature } =
    credential.response as AuthenticatorAssertionResponse;
  return {
    credential_id: textOf(credential.rawId),
    client_data: textOf(clientDataJSON),
    authenticator_data: textOf(authenticatorData),
    signature: textOf(signature),
  };
}

/** Creates a passkey of the person who has signed in. undefined: the user has declined. */
export async function createPasskey(
  api: ESIMRSPApi,
  name: string,
): Promise<CreatePasskeyRequest | undefined> {
  const { data } = await api.createPasskeyChallenge({ retries: 0 });
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytesOf(data.challenge),
        rp: { id: data.rp_id, name: data.rp_id },
        user: { id: bytesOf(data.user.id), name: data.user.name, displayName: data.user.display_name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: data.exclude.map((id) => ({ type: 'public-key', id: bytesOf(id) })),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
        attestation: 'none',
        timeout: timeUntil(data.expires_at),
      },
    }),
  );
  if (credential === undefined) return undefined;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    name,
    credential_id: textOf(credential.rawId),
    client_data: textOf(response.clientDataJSON),
    attestation_object: textOf(response.attestationObject),
    transports: response.getTransports(),
  };
}

/** Browsers call it NotAllowedError when the user declines or lets the time pass. */
async function ask(question: () => Promise<Credential | null>): Promise<PublicKeyCredential | undefined> {
  try {
    return ((await question()) as PublicKeyCredential | null) ?? undefined;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') return undefined;
    throw error;
  }
}

function timeUntil(end: string): number {
  return Math.max(0, new Date(end).getTime() - Date.now());
}

function textOf(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
