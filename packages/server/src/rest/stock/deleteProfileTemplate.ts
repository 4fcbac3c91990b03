import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { noSuchTemplate, ProfileTemplateParams } from './template.ts';

export const deleteProfileTemplate = operation({
  operationId: 'deleteProfileTemplate',
  method: 'DELETE',
  url: '/api/v1/esim/profile-templates/:profile_type',
  permissions: ['admin'],
  summary: 'Delete a template; its profiles stay',
  params: ProfileTemplateParams,
  answers: {
    204: { description: 'The template is deleted' },
    404: { description: 'The profile type has no template', code: 'template_not_found' },
  },
  respond: async ({ store }: Services<TemplateStore>, { account, params }, reply) => {
    if ((await store.deleteTemplate(account, params.profile_type)) === 'unknown') throw noSuchTemplate();
    reply.status(204);
  },
});
