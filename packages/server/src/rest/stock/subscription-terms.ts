import { fitsServiceProviderName } from '@esim-rsp/sgp22/profile/build';
import { algorithmNames } from '@esim-rsp/sgp22/profile/parameter-fields';
import type { RangeStarts, SubscriptionTerms } from '@esim-rsp/smdp/state/template';
import { metadataWishes } from './metadata-wishes.ts';
import type { GenerateEUICCProfilesRequest } from './schemas-generate.ts';
import { labelsIn } from './stock-request.ts';

type Starts = Pick<GenerateEUICCProfilesRequest, 'iccid_start' | 'imsi_start' | 'msisdn_start'>;
type Terms = Omit<GenerateEUICCProfilesRequest, keyof Starts | 'count' | 'profile_type'>;

export function startsIn({ iccid_start, imsi_start, msisdn_start }: Starts): RangeStarts {
  return {
    iccidStart: iccid_start,
    imsiStart: imsi_start,
    ...(msisdn_start !== undefined && { msisdnStart: msisdn_start }),
  };
}

/** What a body says of the subscriptions that it asks for, less their numbers and their type. */
export function termsIn(body: Terms): SubscriptionTerms {
  return { common: commonIn(body), ...labelsIn(body), ...metadataWishes(body) };
}

function commonIn({ algorithm, mnc_length, smsc, service_provider_name: spn }: Terms) {
  return {
    ...(algorithm !== undefined && { algorithm: algorithmNames[algorithm] }),
    ...(mnc_length !== undefined && { mncLength: mnc_length }),
    ...(smsc !== undefined && { smsc }),
    ...(spn !== undefined && fitsServiceProviderName(spn) && { serviceProviderName: spn }),
  };
}
