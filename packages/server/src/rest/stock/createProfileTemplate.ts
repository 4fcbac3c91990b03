import { fromHex } from '@esim-rsp/codec';
import { masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import { refuse } from '@esim-rsp/smdp/state/refusals';
import { endsOf, newTemplate } from '@esim-rsp/smdp/stock/number-template';
import { Type } from '@sinclair/typebox';
import { closed, extending, inWords } from '../../shapes/shape.ts';
import type { NumberReservationStore } from '../../store/ports/number-reservations.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ICCID } from '../profiles/profile.ts';
import { ProfileLabels } from '../profiles/profile-labels.ts';
import { RangeStarts, SubscriptionTerms, startsIn, termsIn } from './subscription-terms.ts';
import { ProfileTemplate, ProfileTypeName, templateResponse } from './template.ts';

const CreateProfileTemplateRequest = Type.Object(
  {
    ...RangeStarts.properties,
    size: Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'How many numbers the ranges have' }),
    master_key: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Fa-f]{32}$',
        ...inWords('32 hexadecimal digits'),
        description:
          '32 hexadecimal digits, which are never shown. The server derives Ki, OPc and the codes from it and the IMSI; without it, it generates them and shows them once, in the answer to an order',
      }),
    ),
    ...SubscriptionTerms.properties,
    ...ProfileLabels.properties,
    profile_type: ProfileTypeName,
  },
  {
    ...closed,
    ...extending(RangeStarts, SubscriptionTerms, ProfileLabels),
    $id: 'CreateProfileTemplateRequest',
    description: 'A template to create',
    examples: [
      {
        profile_type: 'basic',
        size: 100_000,
        iccid_start: ICCID.slice(0, 18),
        imsi_start: '001010000000001',
        master_key: '00112233445566778899aabbccddeeff',
        service_provider_name: 'Example Mobile',
        profile_name: 'Travel 10 GB',
      },
    ],
  },
);

/** Templates of one account. */
export const MOST_TEMPLATES = 100;

const refusals = {
  exists: ['template_exists', 'this profile type has a template already: delete it first'],
  full: [
    'too_many_templates',
    `there are ${MOST_TEMPLATES} templates already: delete one that you do not need any more`,
  ],
} as const;

const NOT_AVAILABLE = 'choose another iccid_start, or a smaller size';

export const createProfileTemplate = operation({
  operationId: 'createProfileTemplate',
  method: 'POST',
  choosesNumbers: true,
  url: '/api/v1/esim/profile-templates',
  permissions: ['admin'],
  summary: 'Create a template, from which orders of a type create profiles when none is AVAILABLE',
  body: CreateProfileTemplateRequest,
  answers: {
    201: { description: 'The template', schema: ProfileTemplate },
    400: {
      description: 'A member is not valid, or a range has fewer numbers than size',
      code: 'invalid_value',
    },
    409: { description: 'This profile type has a template already', code: 'template_exists' },
  },
  targets: ({ body }) => [body.profile_type],
  respond: async (
    { store }: Services<TemplateStore & NumberReservationStore>,
    { env, account, body },
    reply,
  ) => {
    const { profile_type: profileType, size, master_key: masterKey, ...terms } = body;
    const request = {
      account,
      profileType,
      starts: startsIn(body),
      size,
      terms: termsIn(terms),
      ...(masterKey !== undefined && { masterKey: masterKeyOf(fromHex(masterKey)) }),
    };
    const template = newTemplate(request, env);
    const { first, last } = endsOf(template);
    const reserved = await store.reservedForOthers(account, first, last);
    if (reserved.length > 0) throw refuse.iccidTaken(NOT_AVAILABLE);
    const added = await store.addTemplate(template, MOST_TEMPLATES);
    if (added !== 'added') {
      const [code, message] = refusals[added];
      throw new HttpProblem(409, code, message);
    }
    reply.status(201).header('location', `/api/v1/esim/profile-templates/${encodeURIComponent(profileType)}`);
    return templateResponse(template, env);
  },
});
