import { hash } from 'node:crypto';
import type { LinkedPage } from '../store/ports/install/links.ts';
import { activationCodeOf } from './activation-code.ts';
import { type LinkState, linkStateOf } from './link-state.ts';
import type { PageView } from './view.ts';

type Shown = Pick<
  PageView,
  'state' | 'profileName' | 'code' | 'needsConfirmationCode' | 'isReplacement' | 'expiresAt' | 'stamp'
>;

/** States in which the code can be used. */
const withCode: readonly LinkState[] = ['waiting', 'interrupted'];

/** What the page of a link shows of its order. Of a Profile that has another order by now, it shows nothing. `now`: Unix milliseconds. */
export function showLink(
  { link, profile }: Pick<LinkedPage, 'link' | 'profile'>,
  smdpAddress: string,
  now: number,
): Shown {
  const state = linkStateOf(link, profile, now);
  const common = {
    state,
    isReplacement: link.replacedAt !== undefined,
    expiresAt: link.expiresAt,
    needsConfirmationCode: false,
  };
  if (profile?.order === undefined || state === 'cancelled')
    return { ...common, profileName: '', stamp: stampOf(state, '') };
  const { order, metadata } = profile;
  const { matchingId } = order;
  const whole = withCode.includes(state) ? activationCodeOf(profile, smdpAddress) : '';
  return {
    ...common,
    profileName: metadata.profileName,
    stamp: stampOf(state, whole),
    ...(matchingId !== undefined &&
      whole !== '' && {
        code: { whole, smdpAddress: order.smdpAddress ?? smdpAddress, matchingId },
        needsConfirmationCode: order.confirmationAttemptsLeft !== undefined,
      }),
  };
}

function stampOf(state: LinkState, code: string): string {
  return hash('sha256', `${state} ${code}`, 'base64url').slice(0, 16);
}

/** How long the link of a sample works. */
const SAMPLE_MS = 30 * 24 * 60 * 60 * 1000;

/** A page as the customers of an account would see it, of an order that does not exist. */
export function sampleOf(state: LinkState, smdpAddress: string, now: number): Shown {
  const matchingId = 'EXAMPLE-ONLY';
  const whole = `LPA:1$${smdpAddress}$${matchingId}`;
  return {
    state,
    isReplacement: false,
    expiresAt: now + SAMPLE_MS,
    needsConfirmationCode: false,
    profileName: state === 'cancelled' ? '' : 'eSIM',
    stamp: '',
    ...(withCode.includes(state) && { code: { whole, smdpAddress, matchingId } }),
  };
}
