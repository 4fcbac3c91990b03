import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { generateFromTemplate } from '@esim-rsp/smdp/stock/generateFromTemplate';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import {
  GenerateFromProfileTemplateRequest,
  GenerateFromProfileTemplateResponse,
  ProfileTemplateParams,
} from './schemas-templates.ts';
import { subscriptionResponse } from './subscription-response.ts';
import { ownedTemplate } from './template-response.ts';

export const generateFromProfileTemplate = operation({
  operationId: 'generateFromProfileTemplate',
  method: 'POST',
  url: '/api/v1/esim/profile-templates/:profile_type/generate',
  summary:
    'Makes subscriptions from the next numbers of a template, and stocks their profiles. Keys that are drawn are told here and never again',
  params: ProfileTemplateParams,
  body: GenerateFromProfileTemplateRequest,
  answers: {
    201: {
      description: 'What was made, with its secrets where they are drawn',
      schema: GenerateFromProfileTemplateResponse,
    },
    404: { description: 'The profile type has no template', code: 'template_not_found' },
    409: { description: 'The template has not so many numbers left: nothing was made', code: 'out_of_stock' },
    503: { description: 'Too many calls make profiles from the template at the same time' },
  },
  respond: async (services: Services<Store & TemplateStore>, { env, account, params, body }, reply) => {
    const { profileType } = await ownedTemplate(services, account, params.profile_type);
    const request = { account, profileType, count: body.count };
    const made = await run(generateFromTemplate, request, services.store, env);
    reply.status(201);
    const parameters = made.subscriptions.map((one) => one.parameters);
    return {
      iccids: parameters.map(({ iccid }) => iccid),
      ...(made.drawn && { subscriptions: parameters.map(subscriptionResponse) }),
    };
  },
});
