import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { completeParameters } from '@esim-rsp/sgp22/profile/build';
import { packageContent } from '@esim-rsp/smdp/state/content';
import type { ImportProfileRequest } from '@esim-rsp/smdp/stock/importProfile';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, decodedByReader, extending } from '../../shapes/shape.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ICCID, ProfileProtection } from '../profiles/profile.ts';
import { decodeBase64, metadataIn, namesIn, ProfileLabels } from '../profiles/profile-labels.ts';
import { ProfileParameters, parametersIn } from './profile-parameters.ts';

/** One object, because generators merge the members of a union: `contentIn` refuses a body with neither or both of the first two. */
export const CreateEUICCProfileRequest = Type.Object(
  {
    /** Without a least length: counting its characters takes longer than reading it. */
    profile_package: Type.Optional(
      Type.String({
        ...decodedByReader,
        description:
          'An unprotected Profile Package (TCA, DER) in base64. Either this or parameters is required',
      }),
    ),
    parameters: Type.Optional(
      about(
        'What the server builds the Profile from. Either this or profile_package is required',
        ProfileParameters,
      ),
    ),
    protection: Type.Optional(
      about(
        'The keys that protect the package; without it, ppk for a profile_package. A Profile from parameters has session_keys: it is built for each download',
        ProfileProtection,
      ),
    ),
    ...ProfileLabels.properties,
  },
  {
    ...closed,
    ...extending(ProfileLabels),
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
  },
);
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
  const { profile_package, parameters, protection } = body;
  mustHaveContent(body);
  if (profile_package !== undefined)
    return { content: packageContent(decodeBase64(profile_package, 'profile_package')) };
  if (protection !== undefined && protection !== 'session_keys')
    throw refused('protection', 'must be session_keys for a Profile from parameters');
  const provided = parametersIn(parameters as Static<typeof ProfileParameters>);
  return { provided, content: { parameters: completeParameters(provided, random) } };
}

/** Throws a 400 for what has neither a package nor parameters, or both. */
export function mustHaveContent(body: unknown): void {
  const { profile_package, parameters } = (body ?? {}) as Partial<CreateEUICCProfileRequest>;
  if ((profile_package === undefined) === (parameters === undefined))
    throw refused('the body', 'must have either profile_package or parameters');
}

function refused(field: string, message: string): HttpProblem {
  return new HttpProblem(400, 'validation_failed', `${field} ${message}`, [{ field, message }]);
}
