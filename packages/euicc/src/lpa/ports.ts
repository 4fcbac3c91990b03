import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';

/** A card that executes commands of ES10: a virtual eUICC, or a real one in a reader. */
export type Es10Channel = {
  /** Sends one command TLV, or one segment of a package; resolves to the status word and the response data. */
  transmit(command: Uint8Array): Promise<{ readonly sw: number; readonly data: Uint8Array }>;
};

/** An HTTP answer; `body` is the parsed JSON, undefined if there was none. */
export type HttpAnswer = { readonly status: number; readonly body: unknown };

/**
 * ES9+ over HTTPS (SGP.22 6.1, 6.2). An implementation checks the TLS certificate against the CIs of the card
 * (`verifyTlsChain`), and throws a ConnectionFailure if the server cannot be reached or trusted.
 */
export type Es9Channel = {
  post(address: string, path: string, body: Readonly<Record<string, string>>): Promise<HttpAnswer>;
};

/** The server cannot be reached, or did not prove itself. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  readonly kind: 'unreachable' | 'untrusted';

  constructor(kind: 'unreachable' | 'untrusted', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The step of the LPA: the function that was called last. */
export type StepName =
  | 'getEuiccInfo'
  | 'initiateAuthentication'
  | 'authenticateServer'
  | 'authenticateClient'
  | 'consent'
  | 'prepareDownload'
  | 'getBoundProfilePackage'
  | 'loadBoundProfilePackage'
  | 'cancelSession'
  | 'handleNotification'
  | 'getProfilesInfo'
  | 'enableProfile'
  | 'disableProfile'
  | 'deleteProfile';

/** One thing that happened, in words. */
export type Step = {
  readonly name: StepName;
  readonly text: string;
  /** The session at the server; in the step that opened it. */
  readonly transactionId?: TransactionId;
};

export type LpaEnv = {
  readonly es10: Es10Channel;
  readonly es9: Es9Channel;
  /** Called with each step when it is done. */
  readonly onStep: (step: Step) => void;
};

/** A refusal as the server sent it: codes are text, because a server may send anything. */
export type ReportedStatus = {
  readonly subjectCode: StatusCode['subjectCode'] | (string & {});
  readonly reasonCode: StatusCode['reasonCode'] | (string & {});
  readonly message?: string;
};
