import type { bppCommandIds, errorReasons } from '../asn1/notification.ts';

export type BppCommandId = keyof typeof bppCommandIds;
export type ErrorReason = keyof typeof errorReasons;

/** Why the installation of a Bound Profile Package fails (2.5.6): the fields of the eUICC's ErrorResult. */
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
