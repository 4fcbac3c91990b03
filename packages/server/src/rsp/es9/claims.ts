import type { AuthenticateResponseOk } from '@esim-rsp/sgp22/asn1/authentication';
import type { PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, iccidFromSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { eidIn } from '@esim-rsp/smdp/es9/eid-in';

/** What a request says of its eUICC and its Profile. Nothing of it is verified: it helps to find the request, and proves nothing. */
export type Claims = {
  readonly eid?: Eid;
  readonly iccid?: Iccid;
  readonly matchingId?: MatchingId;
};

type Requests = Partial<Es9Request<'authenticateClient'> & Es9Request<'handleNotification'>>;

/** The claims of a request; none if it could not be read. */
export function claimsIn(request: unknown): Claims {
  const { authenticateServerResponse: response, pendingNotification: notification } = (request ??
    {}) as Requests;
  if (response !== undefined && 'authenticateResponseOk' in response.value)
    return claimsOfEuicc(response.value.authenticateResponseOk);
  return notification === undefined ? {} : claimsOfNotification(notification.value);
}

function claimsOfEuicc({ euiccCertificate, euiccSigned1 }: AuthenticateResponseOk): Claims {
  const { matchingId } = euiccSigned1.value.ctxParams1.value.ctxParamsForCommonAuthentication;
  return {
    ...eidOf(euiccCertificate),
    ...(matchingId !== undefined && optional(() => ({ matchingId: parseMatchingId(matchingId) }))),
  };
}

function claimsOfNotification(notification: PendingNotification): Claims {
  if ('profileInstallationResult' in notification) {
    const { notificationMetadata } =
      notification.profileInstallationResult.profileInstallationResultData.value;
    return iccidOf(notificationMetadata.iccid);
  }
  const { euiccCertificate, tbsOtherNotification } = notification.otherSignedNotification;
  return { ...eidOf(euiccCertificate), ...iccidOf(tbsOtherNotification.value.iccid) };
}

function eidOf(certificate: Parameters<typeof eidIn>[0]): Claims {
  const eid = eidIn(certificate);
  return eid === undefined ? {} : { eid };
}

function iccidOf(octets: Uint8Array | undefined): Claims {
  return octets === undefined ? {} : optional(() => ({ iccid: iccidFromSwappedBcd(octets) }));
}

/** What has not the form of such a value claims nothing. */
function optional(read: () => Claims): Claims {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) return {};
    throw error;
  }
}
