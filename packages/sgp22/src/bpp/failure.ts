import type { bppCommandIds, errorReasons } from '../asn1/notification.ts';

export type BppCommandId = keyof typeof bppCommandIds;
export type ErrorReason = keyof typeof errorReasons;

/** Why an eUICC ends the installation of a Bound Profile Package (2.5.6): what its ErrorResult will say, as data. */
export class BppFailure extends Error {
  override readonly name = 'BppFailure';
  readonly bppCommandId: BppCommandId;
  readonly errorReason: ErrorReason;

  constructor(bppCommandId: BppCommandId, errorReason: ErrorReason, explanation: string, cause?: unknown) {
    super(`${bppCommandId}: ${explanation} (${errorReason})`, { cause });
    this.bppCommandId = bppCommandId;
    this.errorReason = errorReason;
  }
}
