/** Who calls ES2+, as the transport found out. */
export type Requester = {
  readonly account: string;
  /** functionCallIdentifier of the header (5.2.4); absent: no repeat of this call can be recognised by it. */
  readonly functionCallIdentifier?: string;
};
