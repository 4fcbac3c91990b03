import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { ImportProfileRequest } from '@esim-rsp/smdp/stock/importProfile';
import { type Static, Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import { HttpProblem } from '../frame/problem.ts';
import { validatorFor } from '../frame/validation.ts';
import { metadataIn, namesIn, ProfileLabels, type ProfileNames } from '../profiles/profile-labels.ts';
import { ProfileParameters } from './profile-parameters.ts';

const { iccid, imsi, msisdn } = ProfileParameters.properties;
/** Which events a device reports is known to the upstream only. */
const { notification_events: _, ...labels } = ProfileLabels.properties;

/** A row about a profile that an upstream has: no package, and no keys. */
const UpstreamRow = Type.Object(
  {
    parameters: Type.Object(
      {
        iccid,
        imsi: Type.Optional(imsi),
        msisdn,
        /** CSV has the provider name here too. */
        service_provider_name: ProfileParameters.properties.service_provider_name,
      },
      closed,
    ),
    ...labels,
  },
  closed,
);

const mustBeRow = validatorFor(UpstreamRow, 'body');

/** The Profile that a row of an upstream's list describes. Throws a 400 for one with keys, codes or a package. */
export function upstreamRequestIn(
  account: string,
  upstream: string,
  labels: ProfileNames,
  body: unknown,
): ImportProfileRequest {
  const { parameters } = (body ?? {}) as Partial<Static<typeof UpstreamRow>>;
  if (parameters === undefined || 'profile_package' in (body as object))
    throw new HttpProblem(
      400,
      'validation_failed',
      'a profile of an upstream has an ICCID, and no package here',
    );
  mustBeRow(body);
  const row = { ...labels, ...(body as Static<typeof UpstreamRow>) };
  return {
    account,
    content: {
      atUpstream: {
        name: upstream,
        iccid: parseIccid(parameters.iccid),
        ...(parameters.imsi !== undefined && { imsi: parameters.imsi }),
        ...(parameters.msisdn !== undefined && { msisdn: parameters.msisdn }),
      },
    },
    ...namesIn(row),
    ...metadataIn(row),
  };
}
