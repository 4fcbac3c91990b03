import { formatActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { Type } from '@sinclair/typebox';
import type { ProfileView } from '../../store/ports/profile-view.ts';

export const InstallLinks = Type.Object(
  {
    apple: Type.String({ description: 'For iOS 17.4 and later' }),
    android: Type.String({ description: 'For Android' }),
    windows: Type.String({ description: 'For Windows 11 24H2 and later' }),
  },
  {
    $id: 'InstallLinks',
    description:
      'Links that open the installation on the device itself. They contain the activation code: treat them as secrets',
  },
);

/** The activation code of a profile that can be downloaded with one; empty otherwise. */
export function activationCodeOf(
  { state, order }: Pick<ProfileView, 'state' | 'order'>,
  smdpAddress: string,
  smdpOid?: string,
): string {
  if (order === undefined || order.matchingId === '') return '';
  if (state !== 'RELEASED' && state !== 'DOWNLOADED') return '';
  return formatActivationCode({
    smdpAddress,
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
