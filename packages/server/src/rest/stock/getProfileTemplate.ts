import { Type } from '@sinclair/typebox';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import {
  ownedTemplate,
  ProfileTemplate,
  ProfileTemplateParams,
  templateExample,
  templateResponse,
} from './template.ts';

const ListProfileTemplatesResponse = Type.Object(
  {
    total: Type.Number({ description: 'How many templates there are' }),
    profile_templates: Type.Array(ProfileTemplate, { description: 'The templates, by profile type' }),
  },
  {
    $id: 'ListProfileTemplatesResponse',
    description: 'The templates of the account',
    examples: [{ total: 1, profile_templates: [templateExample] }],
  },
);

export const listProfileTemplates = operation({
  operationId: 'listProfileTemplates',
  method: 'GET',
  url: '/api/v1/esim/profile-templates',
  summary: 'List the templates of the account, by profile type',
  permissions: ['read'],
  answers: { 200: { description: 'All templates', schema: ListProfileTemplatesResponse } },
  respond: async ({ store }: Services<TemplateStore>, { env, account }) => {
    const templates = await store.templates(account);
    const profile_templates = templates.map((template) => templateResponse(template, env));
    return { total: profile_templates.length, profile_templates };
  },
});

export const getProfileTemplate = operation({
  operationId: 'getProfileTemplate',
  method: 'GET',
  url: '/api/v1/esim/profile-templates/:profile_type',
  summary: 'Get the template of a profile type',
  params: ProfileTemplateParams,
  permissions: ['read'],
  answers: {
    200: { description: 'The template', schema: ProfileTemplate },
    404: { description: 'The profile type has no template', code: 'template_not_found' },
  },
  respond: async (services: Services<TemplateStore>, { env, account, params }) => {
    const template = await ownedTemplate(services, account, params.profile_type);
    return templateResponse(template, env);
  },
});
