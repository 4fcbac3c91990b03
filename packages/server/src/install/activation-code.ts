import { formatActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import type { ProfileView } from '../store/ports/profile-view.ts';

/** The activation code of a profile that can be downloaded with one; empty otherwise. `smdpAddress`: of this SM-DP+. */
export function activationCodeOf(
  { state, order }: Pick<ProfileView, 'state' | 'order'>,
  smdpAddress: string,
  smdpOid?: string,
): string {
  if (!order?.matchingId) return '';
  if (state !== 'RELEASED' && state !== 'DOWNLOADED') return '';
  return formatActivationCode({
    smdpAddress: order.smdpAddress ?? smdpAddress,
    matchingId: order.matchingId,
    ...(smdpOid !== undefined && { smdpOid }),
    confirmationCodeRequired: order.confirmationAttemptsLeft !== undefined,
  });
}

/**
 * The links of an activation code. `join` makes texts in one piece; of a template V8 keeps the parts, and one such text is
 * enough for JSON.stringify to take twice the time for a page.
 */
export function installLinks(activationCode: string) {
  const carddata = encodeURIComponent(activationCode);
  return {
    apple: ['https://esimsetup.apple.com/esim_qrcode_provisioning', carddata].join('?carddata='),
    android: ['https://esimsetup.android.com/esim_qrcode_provisioning', carddata].join('?carddata='),
    windows: ['lpa', activationCode.slice('LPA:'.length)].join(':'),
  };
}
