import { mailKinds } from '../../delivery/mail/kinds.ts';
import { checkTemplate, renderMail } from '../../delivery/mail/render.ts';
import type { MailStore } from '../../store/ports/mail/mail.ts';
import { operation, type Services } from '../frame/operation.ts';
import { MailPreview, MailTemplateParams, PreviewMailTemplateRequest } from './shapes.ts';
import { previewValues, textInUse } from './template.ts';

export const previewMailTemplate = operation({
  operationId: 'previewMailTemplate',
  method: 'POST',
  url: '/api/v1/esim/mail-templates/:mailKind/:language/preview',
  permissions: ['read'],
  changesNothing: true,
  summary: 'Show a mail with example values, before you write its template or as it is',
  params: MailTemplateParams,
  body: PreviewMailTemplateRequest,
  answers: {
    200: { description: 'The mail', schema: MailPreview },
    400: { description: 'A member is not valid, or names an unknown placeholder', code: 'invalid_value' },
  },
  respond: async ({ store }: Services<MailStore>, { account, params, body }) => {
    const { mailKind: kind, language } = params;
    const inUse = await textInUse(store, { account, kind, language });
    const template = { ...inUse, ...body };
    checkTemplate(template, mailKinds[kind]);
    return renderMail(template, previewValues(kind));
  },
});
