import { fromHex } from '@esim-rsp/codec';
import { masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import { newTemplate } from '@esim-rsp/smdp/stock/number-template';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { CreateProfileTemplateRequest, ProfileTemplate } from './schemas-templates.ts';
import { startsIn, termsIn } from './subscription-terms.ts';
import { templateResponse } from './template-response.ts';

/** Templates of one account. */
export const MOST_TEMPLATES = 100;

const refusals = {
  exists: ['template_exists', 'this profile type has a template already: remove it first'],
  full: [
    'too_many_templates',
    `there are ${MOST_TEMPLATES} templates already: remove one that is not needed any more`,
  ],
} as const;

export const createProfileTemplate = operation({
  operationId: 'createProfileTemplate',
  method: 'POST',
  url: '/api/v1/esim/profile-templates',
  scope: 'admin',
  summary: 'Says what the profiles of a type are made from, when one is ordered and none is in stock',
  body: CreateProfileTemplateRequest,
  answers: {
    201: { description: 'The template', schema: ProfileTemplate },
    400: { description: 'A member is not valid, or a range has not room for so many', code: 'invalid_value' },
    409: { description: 'This profile type has a template already', code: 'template_exists' },
  },
  respond: async ({ store }: Services<TemplateStore>, { env, account, body }, reply) => {
    const { profile_type: profileType, size, master_key: masterKey, ...terms } = body;
    const wish = {
      account,
      profileType,
      starts: startsIn(body),
      size,
      terms: termsIn(terms),
      ...(masterKey !== undefined && { masterKey: masterKeyOf(fromHex(masterKey)) }),
    };
    const template = newTemplate(wish, env);
    const added = await store.addTemplate(template, MOST_TEMPLATES);
    if (added !== 'added') {
      const [code, message] = refusals[added];
      throw new HttpProblem(409, code, message);
    }
    reply.status(201).header('location', `/api/v1/esim/profile-templates/${encodeURIComponent(profileType)}`);
    return templateResponse(template, env);
  },
});
