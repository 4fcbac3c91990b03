/** The server cannot start. The message is one line that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** Another start without a correction does harm: a token locks itself after some wrong PINs. */
  readonly isFinal: boolean;

  constructor(
    message: string,
    { isFinal = false, ...options }: ErrorOptions & { readonly isFinal?: boolean } = {},
  ) {
    super(message, options);
    this.isFinal = isFinal;
  }
}
