/** Why a phone cannot be used. */
export type PhoneErrorCode =
  /** There is no phone of this name. */
  | 'unknown'
  /** There is a phone of this name already. */
  | 'exists'
  /** Another process uses the phone. */
  | 'busy'
  /** The file of the phone cannot be read as one. */
  | 'unreadable'
  /** The card has no default SM-DP+ address, and there is no other source. */
  | 'no-source'
  /** The fault needs the keys of a CI and an EUM, which the PKI does not have. */
  | 'no-issuer'
  /** The program that should use the card cannot be started, or writes what cannot be read. */
  | 'program'
  /** The port cannot be opened. */
  | 'port';

/** Something is wrong with a phone or its surroundings; a download that fails is an `LpaFailure` of @esim-rsp/euicc. */
export class PhoneError extends Error {
  override readonly name = 'PhoneError';
  readonly code: PhoneErrorCode;

  constructor(code: PhoneErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
