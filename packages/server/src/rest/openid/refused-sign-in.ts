/** Why somebody who comes from an OpenID provider is not signed in. The console explains each. */
export const refusedSignIns = [
  'expired',
  'declined',
  'provider_refused',
  'provider_unreachable',
  'email_not_verified',
  'not_invited',
  'other_subject',
  'no_role',
  'disabled',
  'too_often',
] as const;
export type RefusalReason = (typeof refusedSignIns)[number];

export class RefusedSignIn extends Error {
  override readonly name = 'RefusedSignIn';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(`the sign-in is refused: ${reason}`, options);
    this.reason = reason;
  }
}
