import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { ObjectAttributes, TokenAttributes } from './key-uri.ts';

/** What the process of a token is asked to do, and what it replies. */
export type TokenCalls = {
  /** Loads the module and lists its tokens, without a PIN. */
  readonly list: { request: { readonly modulePath: string }; reply: readonly TokenSummary[] };
  /** Logs in. Everything below needs it. */
  readonly open: { request: OpenRequest; reply: { readonly label: string; readonly serial: string } };
  readonly keys: { request: object; reply: readonly KeySummary[] };
  readonly find: { request: ObjectAttributes; reply: PublicPart };
  /** `digest` with CKM_ECDSA: r|s. `point`: the public key that it must be. */
  readonly sign: {
    request: ObjectAttributes & { readonly point: Uint8Array; readonly digest: Uint8Array };
    reply: Uint8Array;
  };
  /** Creates a key pair that cannot leave the token. */
  readonly generate: {
    request: { readonly curve: Curve; readonly object: string; readonly id: Uint8Array };
    reply: PublicPart;
  };
  /** A key for AES-256. */
  readonly findSecret: { request: ObjectAttributes; reply: SecretKeySummary };
  /** Creates one that cannot leave the token. */
  readonly generateSecret: {
    request: { readonly object: string; readonly id: Uint8Array };
    reply: SecretKeySummary;
  };
  /** AES-256-GCM: a nonce of 12 octets, the ciphertext, and a tag of 16 octets. */
  readonly encrypt: {
    request: ObjectAttributes & { readonly text: Uint8Array; readonly associated: Uint8Array };
    reply: Uint8Array;
  };
  readonly decrypt: {
    request: ObjectAttributes & { readonly encrypted: Uint8Array; readonly associated: Uint8Array };
    reply: Uint8Array;
  };
};
export type TokenCall = keyof TokenCalls;

export type OpenRequest = {
  readonly modulePath: string;
  readonly which: TokenAttributes;
  readonly pin: string;
  readonly sessions: number;
  /** To create keys. */
  readonly writes: boolean;
};

export type TokenSummary = {
  readonly label: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly initialized: boolean;
};

export type PublicPart = { readonly curve: Curve; readonly point: Uint8Array };

export type KeySummary = {
  readonly label: string;
  readonly id: Uint8Array;
  /** Absent: the key is of another kind, or its public key is not in the token. */
  readonly publicPart?: PublicPart;
  readonly extractable: boolean;
  readonly sensitive: boolean;
};

export type SecretKeySummary = {
  readonly label: string;
  readonly id: Uint8Array;
  readonly extractable: boolean;
};

/**
 * Why a call failed. `pin`: the PIN is refused or must not be tried. `lost`: the session or the token is gone, or it failed by itself: a new
 * process may succeed. `setting`: something must be corrected first. The text says what to do and never has a PIN.
 */
export type TokenFault = { readonly kind: 'pin' | 'lost' | 'setting'; readonly text: string };

export type TokenRequest = { readonly number: number; readonly call: TokenCall; readonly request: unknown };
export type TokenReply = { readonly number: number } & (
  | { readonly reply: unknown }
  | { readonly fault: TokenFault }
);
