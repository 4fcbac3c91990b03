import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { generateFromTemplate } from '@esim-rsp/smdp/stock/generateFromTemplate';
import { Type } from '@sinclair/typebox';
import { closed } from '../../shapes/shape.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ICCID } from '../profiles/profile.ts';
import { allGeneratedAgain } from './generated-again.ts';
import { GeneratedSubscription, subscriptionResponse } from './subscription.ts';
import { ownedTemplate, ProfileTemplateParams } from './template.ts';

const GenerateFromProfileTemplateRequest = Type.Object(
  {
    count: Type.Integer({
      minimum: 1,
      maximum: 250,
      description: 'How many subscriptions; the server creates all of them or none',
    }),
  },
  {
    ...closed,
    $id: 'GenerateFromProfileTemplateRequest',
    description: 'Subscriptions to generate',
    examples: [{ count: 1 }],
  },
);

const GenerateFromProfileTemplateResponse = Type.Object(
  {
    iccids: Type.Array(Type.String(), { description: 'The ICCIDs of the new Profiles' }),
    subscriptions: Type.Optional(
      Type.Array(GeneratedSubscription, {
        description: 'Present when the template generates keys: they are shown once',
      }),
    ),
  },
  {
    $id: 'GenerateFromProfileTemplateResponse',
    description: 'The new Profiles',
    examples: [{ iccids: [ICCID] }],
  },
);

export const generateFromProfileTemplate = operation({
  operationId: 'generateFromProfileTemplate',
  method: 'POST',
  url: '/api/v1/esim/profile-templates/:profile_type/generate',
  summary:
    'Generate subscriptions from the free numbers of a template, and create their profiles. Generated keys are shown once',
  params: ProfileTemplateParams,
  body: GenerateFromProfileTemplateRequest,
  isLong: true,
  permissions: ['order'],
  answers: {
    201: {
      description: 'The new profiles, with the generated keys, if any',
      schema: GenerateFromProfileTemplateResponse,
    },
    404: { description: 'The profile type has no template', code: 'template_not_found' },
    409: { description: 'The template has fewer free numbers: nothing was created', code: 'out_of_stock' },
    503: { description: 'Too many calls generate profiles from the template at the same time' },
  },
  targets: (_asked, { iccids = [] }) => iccids as readonly string[],
  respond: async (services: Services<Store & TemplateStore>, { env, account, params, body }, reply) => {
    const { profileType } = await ownedTemplate(services, account, params.profile_type);
    const request = { account, profileType, count: body.count };
    const created = await run(generateFromTemplate, request, services.store, env);
    reply.status(201);
    const parameters = created.subscriptions.map((one) => one.parameters);
    return {
      iccids: parameters.map(({ iccid }) => iccid),
      ...(created.generated && { subscriptions: parameters.map(subscriptionResponse) }),
    };
  },
  answerAgain: async (services, { account, params }, reply, { iccids }) => {
    const template = await services.store.template(account, params.profile_type);
    if (template === undefined) return undefined; // whether its keys were shown is not known any more
    reply.status(201);
    if (template.masterKey !== undefined) return { iccids };
    const subscriptions = await allGeneratedAgain(services, account, iccids);
    return subscriptions && { iccids, subscriptions };
  },
});
