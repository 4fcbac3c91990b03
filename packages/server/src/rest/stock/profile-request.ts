import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { packageContent } from '@esim-rsp/smdp/state/content';
import type { ImportProfileRequest } from '@esim-rsp/smdp/stock/importProfile';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, extending, literals } from '../../shapes/shape.ts';
import { ICCID, ProfileProtection } from '../profiles/profile.ts';
import { decodeBase64, metadataIn, namesIn, ProfileLabels } from '../profiles/profile-labels.ts';
import { ProfileParameters, parametersIn } from './profile-parameters.ts';

const ImportEUICCProfileRequest = Type.Object(
  {
    /** Without a least length: counting its characters takes longer than reading it. */
    profile_package: Type.String({ description: 'An unprotected Profile Package (TCA, DER) in base64' }),
    protection: Type.Optional(about('The keys that protect the package; without it, ppk', ProfileProtection)),
    ...ProfileLabels.properties,
  },
  {
    ...closed,
    ...extending(ProfileLabels),
    $id: 'ImportEUICCProfileRequest',
    description: 'A Profile from a finished package',
  },
);

const BuildEUICCProfileRequest = Type.Object(
  {
    parameters: about('What the server builds the Profile from', ProfileParameters),
    protection: Type.Optional(
      literals(
        ['session_keys'] as const,
        'Such a package is built for each download, with the keys of its session',
      ),
    ),
    ...ProfileLabels.properties,
  },
  {
    ...closed,
    ...extending(ProfileLabels),
    $id: 'BuildEUICCProfileRequest',
    description: 'A Profile that the server builds from parameters',
  },
);

/** The members say which of the two it is: a body with neither or both of the first ones is refused. */
export const CreateEUICCProfileRequest = Type.Union([ImportEUICCProfileRequest, BuildEUICCProfileRequest], {
  $id: 'CreateEUICCProfileRequest',
  description: 'A Profile to create: from a finished package, or from parameters',
  examples: [
    {
      parameters: {
        iccid: ICCID,
        imsi: '001010000000001',
        ki: '00112233445566778899aabbccddeeff',
        opc: 'ffeeddccbbaa99887766554433221100',
      },
      service_provider_name: 'Example Mobile',
      profile_name: 'Travel 10 GB',
    },
  ],
});
export type CreateEUICCProfileRequest = Static<typeof CreateEUICCProfileRequest>;

/** The Profile that a request describes; secrets that it does not have are generated. */
export function profileRequestIn(
  account: string,
  body: CreateEUICCProfileRequest,
  random: Random,
): ImportProfileRequest {
  const { protection } = body;
  return {
    account,
    ...contentIn(body, random),
    ...namesIn(body),
    ...(protection !== undefined && { protection }),
    ...metadataIn(body),
  };
}

function contentIn(
  body: CreateEUICCProfileRequest,
  random: Random,
): Pick<ImportProfileRequest, 'content' | 'provided'> {
  if (!('parameters' in body))
    return { content: packageContent(decodeBase64(body.profile_package, 'profile_package')) };
  const provided = parametersIn(body.parameters);
  return { provided, content: { parameters: completeParameters(provided, random) } };
}
