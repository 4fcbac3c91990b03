import { mailKinds } from '../../delivery/mail/kinds.ts';
import { checkTemplate } from '../../delivery/mail/render.ts';
import type { MailStore } from '../../store/ports/mail/mail.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { MailTemplate, MailTemplateParams, PutMailTemplateRequest } from './shapes.ts';
import { templateResponse } from './template.ts';

/** Templates of one account. */
export const MOST_MAIL_TEMPLATES = 100;

export const putMailTemplate = operation({
  operationId: 'putMailTemplate',
  method: 'PUT',
  url: '/api/v1/esim/mail-templates/:mailKind/:language',
  permissions: ['admin'],
  summary: 'Write the text of a kind of mail in your own words',
  params: MailTemplateParams,
  body: PutMailTemplateRequest,
  answers: {
    200: { description: 'The template', schema: MailTemplate },
    400: { description: 'A member is not valid, or names an unknown placeholder', code: 'invalid_value' },
    409: {
      description: `The account has ${MOST_MAIL_TEMPLATES} templates already`,
      code: 'too_many_mail_templates',
    },
  },
  respond: async ({ store }: Services<MailStore>, { env, account, params, body }) => {
    const { mailKind: kind, language } = params;
    checkTemplate(body, mailKinds[kind]);
    const template = { account, kind, language, ...body, changedAt: env.now };
    if ((await store.putMailTemplate(template, MOST_MAIL_TEMPLATES)) === 'full')
      throw new HttpProblem(
        409,
        'too_many_mail_templates',
        `there are ${MOST_MAIL_TEMPLATES} templates already: delete one that you do not need any more`,
      );
    return templateResponse(kind, language, template);
  },
});

export const deleteMailTemplate = operation({
  operationId: 'deleteMailTemplate',
  method: 'DELETE',
  url: '/api/v1/esim/mail-templates/:mailKind/:language',
  permissions: ['admin'],
  summary: 'Delete your text of a kind of mail: the text of the server is used again',
  params: MailTemplateParams,
  answers: {
    204: { description: 'The template is deleted' },
    404: { description: 'You have written no such template', code: 'mail_template_not_found' },
  },
  respond: async ({ store }: Services<MailStore>, { account, params }, reply) => {
    const { mailKind: kind, language } = params;
    if ((await store.deleteMailTemplate({ account, kind, language })) === 'unknown')
      throw new HttpProblem(
        404,
        'mail_template_not_found',
        `you have written no template of ${kind} in ${language}: the text of the server is in use`,
      );
    reply.status(204);
  },
});
