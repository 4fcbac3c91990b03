import { fitsServiceProviderName } from '@esim-rsp/sgp22/profile/build';
import { algorithmNames } from '@esim-rsp/sgp22/profile/parameter-fields';
import type { RangeStarts as Starts, SubscriptionTerms as Terms } from '@esim-rsp/smdp/state/template';
import { type Static, Type } from '@sinclair/typebox';
import { about, inWords, named } from '../../shapes/shape.ts';
import { metadataIn, namesIn, type ProfileLabels } from '../profiles/profile-labels.ts';
import { ProfileParameters } from './profile-parameters.ts';

const { algorithm, mnc_length, msisdn, smsc } = ProfileParameters.properties;

export const RangeStarts = named(
  'RangeStarts',
  Type.Object(
    {
      iccid_start: Type.String({
        pattern: '^[0-9]{18,19}$',
        ...inWords('18 or 19 decimal digits'),
        description:
          'The first ICCID without its check digit, which the server adds: 18 or 19 decimal digits',
      }),
      imsi_start: Type.String({
        pattern: '^[0-9]{6,15}$',
        ...inWords('6 to 15 decimal digits'),
        description: 'The first IMSI: 6 to 15 decimal digits',
      }),
      msisdn_start: about('The first phone number; without it, the subscriptions have none', msisdn),
    },
    { description: 'The first numbers of ranges' },
  ),
);

export const SubscriptionTerms = named(
  'SubscriptionTerms',
  Type.Object(
    { algorithm, mnc_length, smsc },
    { description: 'What all subscriptions of a range have in common' },
  ),
);

export function startsIn({ iccid_start, imsi_start, msisdn_start }: Static<typeof RangeStarts>): Starts {
  return {
    iccidStart: iccid_start,
    imsiStart: imsi_start,
    ...(msisdn_start !== undefined && { msisdnStart: msisdn_start }),
  };
}

type Body = Static<typeof SubscriptionTerms> & Omit<ProfileLabels, 'profile_type'>;

/** What a request says of its subscriptions, without their numbers and their type. */
export function termsIn(body: Body): Terms {
  return { common: commonIn(body), ...namesIn(body), ...metadataIn(body) };
}

function commonIn({ algorithm, mnc_length, smsc, service_provider_name: spn }: Body) {
  return {
    ...(algorithm !== undefined && { algorithm: algorithmNames[algorithm] }),
    ...(mnc_length !== undefined && { mncLength: mnc_length }),
    ...(smsc !== undefined && { smsc }),
    ...(spn !== undefined && fitsServiceProviderName(spn) && { serviceProviderName: spn }),
  };
}
