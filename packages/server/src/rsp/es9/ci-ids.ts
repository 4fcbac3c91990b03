import { toHex } from '@esim-rsp/codec';
import type { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';

/** A list can be as long as a request; eUICCs have one CI or two. */
const MOST = 8;
const MOST_OCTETS = 20;

type Requests = Partial<Es9Request<'initiateAuthentication'> & Es9Request<'authenticateClient'>>;

/** Key identifiers of the CIs that the eUICC of a request says it has, in hexadecimal, the first of each list first. */
export function ciPKIdsIn(request: unknown): readonly string[] {
  const info = euiccInfoIn((request ?? {}) as Requests);
  if (info === undefined) return [];
  const { euiccCiPKIdListForSigning: signing, euiccCiPKIdListForVerification: verification } = info;
  const ids = [...signing, ...verification].filter(({ length }) => length <= MOST_OCTETS);
  return [...new Set(ids.map((id) => toHex(id)))].slice(0, MOST);
}

type CiLists = Pick<EUICCInfo1, 'euiccCiPKIdListForSigning' | 'euiccCiPKIdListForVerification'>;

function euiccInfoIn({ euiccInfo1, authenticateServerResponse }: Requests): CiLists | undefined {
  if (euiccInfo1 !== undefined) return euiccInfo1.value;
  const response = authenticateServerResponse?.value;
  return response !== undefined && 'authenticateResponseOk' in response
    ? response.authenticateResponseOk.euiccSigned1.value.euiccInfo2.value
    : undefined;
}
