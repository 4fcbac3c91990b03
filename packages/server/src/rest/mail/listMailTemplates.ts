import { Type } from '@sinclair/typebox';
import { mailKindNames, mailKinds } from '../../delivery/mail/kinds.ts';
import { ownText } from '../../delivery/mail/templates.ts';
import type { MailStore } from '../../store/ports/mail/mail.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { MailTemplate, MailTemplateParams } from './shapes.ts';
import { exactTemplate, templateResponse } from './template.ts';

const ListMailTemplatesResponse = Type.Object(
  {
    total: Type.Integer({ description: 'How many templates there are' }),
    mail_templates: Type.Array(MailTemplate, { description: 'The templates, by kind and language' }),
  },
  { $id: 'ListMailTemplatesResponse', description: 'The texts of the mail of the account' },
);

export const listMailTemplates = operation({
  operationId: 'listMailTemplates',
  method: 'GET',
  url: '/api/v1/esim/mail-templates',
  permissions: ['read'],
  summary:
    'List the texts of mail: those of the account, and those of the server for what it has not written',
  answers: { 200: { description: 'All templates', schema: ListMailTemplatesResponse } },
  respond: async ({ store }: Services<MailStore>, { account }) => {
    const own = await store.mailTemplates(account);
    const mail_templates = mailKindNames.flatMap((kind) => {
      const written = own.filter((template) => template.kind === kind);
      const ours = Object.keys(mailKinds[kind].texts);
      const languages = new Set([...ours, ...written.map(({ language }) => language)]);
      return [...languages].sort().flatMap((language) => {
        const text =
          written.find((template) => template.language === language) ?? ownText(mailKinds[kind], language);
        return text === undefined ? [] : [templateResponse(kind, language, text)];
      });
    });
    return { total: mail_templates.length, mail_templates };
  },
});

export const getMailTemplate = operation({
  operationId: 'getMailTemplate',
  method: 'GET',
  url: '/api/v1/esim/mail-templates/:mailKind/:language',
  permissions: ['read'],
  summary: 'Get the text of a kind of mail in one language, and what it can name',
  params: MailTemplateParams,
  answers: {
    200: { description: 'The template', schema: MailTemplate },
    404: { description: 'There is no template in this language', code: 'mail_template_not_found' },
  },
  respond: async ({ store }: Services<MailStore>, { account, params: { mailKind: kind, language } }) => {
    const found = await exactTemplate(store, { account, kind, language });
    if (found === undefined)
      throw new HttpProblem(
        404,
        'mail_template_not_found',
        `there is no template of ${kind} in ${language}: PUT one, or see GET /mail-templates`,
      );
    return templateResponse(kind, language, found);
  },
});
