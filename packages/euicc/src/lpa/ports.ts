import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';

/** A card that takes commands of ES10: a virtual eUICC, or a real one behind a reader. */
export type Es10Channel = {
  /** Sends one command TLV, or one segment of a package; resolves to the status word and the response data. */
  transmit(command: Uint8Array): Promise<{ readonly sw: number; readonly data: Uint8Array }>;
};

/** An HTTP answer; `body` is the parsed JSON, undefined when there was none. */
export type HttpAnswer = { readonly status: number; readonly body: unknown };

/**
 * ES9+ over HTTPS (SGP.22 6.1, 6.2). Whoever implements it checks the TLS certificate against the CIs of the card
 * (`verifyTlsChain`) and throws a ConnectionFailure when nothing could be asked.
 */
export type Es9Channel = {
  post(address: string, path: string, body: Readonly<Record<string, string>>): Promise<HttpAnswer>;
};

/** The server was not reached, or is not the one that it should be. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  readonly kind: 'unreachable' | 'untrusted';

  constructor(kind: 'unreachable' | 'untrusted', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** What the LPA was doing, by the function that was called last. */
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
  /** The session that the server has opened, with the step that opened it. */
  readonly transactionId?: TransactionId;
};

export type LpaEnv = {
  readonly es10: Es10Channel;
  readonly es9: Es9Channel;
  /** Told of each step when it is done. */
  readonly onStep: (step: Step) => void;
};

/** A server's refusal as it came: codes are text, because a server may send any. */
export type ReportedStatus = {
  readonly subjectCode: StatusCode['subjectCode'] | (string & {});
  readonly reasonCode: StatusCode['reasonCode'] | (string & {});
  readonly message?: string;
};
