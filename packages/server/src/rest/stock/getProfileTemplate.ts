import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ListProfileTemplatesResponse, ProfileTemplate, ProfileTemplateParams } from './schemas-templates.ts';
import { ownedTemplate, templateResponse } from './template-response.ts';

export const listProfileTemplates = operation({
  operationId: 'listProfileTemplates',
  method: 'GET',
  url: '/api/v1/esim/profile-templates',
  summary: 'The templates of the account, by profile type',
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
  summary: 'What the profiles of a type are made from, and how many numbers are left',
  params: ProfileTemplateParams,
  answers: {
    200: { description: 'The template', schema: ProfileTemplate },
    404: { description: 'The profile type has no template', code: 'template_not_found' },
  },
  respond: async (services: Services<TemplateStore>, { env, account, params }) => {
    const template = await ownedTemplate(services, account, params.profile_type);
    return templateResponse(template, env);
  },
});
