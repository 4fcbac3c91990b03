import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ProfileTemplateParams } from './schemas-templates.ts';
import { noSuchTemplate } from './template-response.ts';

export const deleteProfileTemplate = operation({
  operationId: 'deleteProfileTemplate',
  method: 'DELETE',
  url: '/api/v1/esim/profile-templates/:profile_type',
  scope: 'admin',
  summary: 'Removes a template; the profiles that were made from it stay',
  params: ProfileTemplateParams,
  answers: {
    204: { description: 'It is gone' },
    404: { description: 'The profile type has no template', code: 'template_not_found' },
  },
  respond: async ({ store }: Services<TemplateStore>, { account, params }, reply) => {
    if ((await store.deleteTemplate(account, params.profile_type)) === 'unknown') throw noSuchTemplate();
    return reply.status(204).send();
  },
});
