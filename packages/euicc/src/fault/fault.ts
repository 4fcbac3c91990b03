import type { Der, Infer } from '@esim-rsp/codec';
import type { AuthenticateServerResponse, EuiccSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import type {
  CancelSessionResponse,
  EUICCSigned2,
  EuiccCancelSessionSigned,
  PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import type { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { ProfileInstallationResultData } from '@esim-rsp/sgp22/asn1/notification';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { IdentityChange } from './identity.ts';

/** A pure change; randomness is an argument. */
export type Change<T> = (value: T, random: Random) => T;

export type InitiateRequest = {
  readonly euiccChallenge: Uint8Array;
  readonly smdpAddress: string;
  readonly euiccInfo1: Der<EUICCInfo1>;
};

/** What an eUICC does wrong: its identity, what it signs, and what it answers. */
export type CardFault = {
  /** Its certificates and its EID. */
  readonly identity?: IdentityChange;
  /** Its EUICCInfo1 and EUICCInfo2. */
  readonly euiccInfo?: Change<EUICCInfo2>;
  /** EUICCInfo1 alone. */
  readonly euiccInfo1?: Change<EUICCInfo1>;
  readonly euiccSigned1?: Change<EuiccSigned1>;
  readonly authenticateServerResponse?: Change<AuthenticateServerResponse>;
  readonly euiccSigned2?: Change<Infer<typeof EUICCSigned2>>;
  readonly prepareDownloadResponse?: Change<PrepareDownloadResponse>;
  readonly euiccCancelSessionSigned?: Change<Infer<typeof EuiccCancelSessionSigned>>;
  readonly cancelSessionResponse?: Change<CancelSessionResponse>;
  readonly profileInstallationResultData?: Change<ProfileInstallationResultData>;
  readonly euiccSignPIR?: Change<Uint8Array>;
};

/** What an LPA does wrong: the requests that it sends. */
export type LpaFault = {
  readonly initiateAuthentication?: Change<InitiateRequest>;
  readonly authenticateClient?: Change<Es9Request<'authenticateClient'>>;
  readonly getBoundProfilePackage?: Change<Es9Request<'getBoundProfilePackage'>>;
  readonly cancelSession?: Change<Es9Request<'cancelSession'>>;
};

/** One thing that a device does wrong, at one step of a download. */
export type Fault = CardFault & LpaFault;

export const none: Fault = {};

/** Changes a value if the fault has a change for it. */
export function applyChange<T>(change: Change<T> | undefined, value: T, random: Random): T {
  return change === undefined ? value : change(value, random);
}

/** Requests that name their transaction outside of what the eUICC signs. */
export type Named = { readonly transactionId: TransactionId };
