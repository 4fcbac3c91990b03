import { es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import {
  functionCallIdentifierOf,
  functionOf,
  type Operation,
  type UpstreamFunction,
} from '@esim-rsp/smdp/state/gateway/operation';
import { orderOf, type Profile, readyOf } from '@esim-rsp/smdp/state/profile';
import type { IccidPadding, UpstreamDialect } from '../../store/ports/gateway/upstreams.ts';
import type { Es2Message } from './es2-call.ts';

type Members = Readonly<Record<string, unknown>>;

/** What each function of ES2+ (5.3) is sent, besides the ICCID. A member that is undefined is absent. */
const members: Readonly<Record<UpstreamFunction, (operation: Operation, profile?: Profile) => Members>> = {
  downloadOrder: ({ terms }) => ({ eid: terms?.eid }),
  confirmOrder: ({ terms = {} }) => ({
    eid: terms.eid,
    matchingId: terms.matchingId,
    confirmationCode: terms.confirmationCode,
    releaseFlag: terms.release ?? true,
  }),
  releaseProfile: () => ({}),
  cancelOrder: ({ terms }, profile) => ({
    eid: profile?.state === 'LINKED' ? profile.eid : profile && orderOf(profile)?.eid,
    matchingId: profile && (orderOf(profile) ?? readyOf(profile))?.matchingId,
    finalProfileStatusIndicator: terms?.finalState === 'UNAVAILABLE' ? 'Unavailable' : 'Available',
  }),
};

/**
 * The present call of an operation. It is the same each time, because the profile stays as it is until the upstream has answered. Without a profile,
 * the upstream chooses one of the type.
 */
export function operationCall(
  operation: Operation,
  profile: Profile | undefined,
  { iccidPadding }: Pick<UpstreamDialect, 'iccidPadding'>,
): Es2Message {
  const name = functionOf(operation);
  return {
    path: es2plus[name].path,
    functionCallIdentifier: functionCallIdentifierOf(operation),
    members: {
      ...(profile === undefined
        ? { profileType: operation.terms?.vendorType }
        : { iccid: padIccid(profile.iccid, iccidPadding) }),
      ...members[name](operation, profile),
    },
  };
}

const paddings: Readonly<Record<IccidPadding, string>> = { none: '', upper_f: 'F', lower_f: 'f' };

/** As the upstream wants an ICCID of 19 digits. */
export function padIccid(iccid: Iccid, padding: IccidPadding): string {
  return iccid.length === 19 ? `${iccid}${paddings[padding]}` : iccid;
}
