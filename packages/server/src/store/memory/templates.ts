import type { Template } from '@esim-rsp/smdp/state/template';
import type { TemplateStore } from '../ports/templates.ts';

/** Templates that are forgotten when the process ends. `templates`: by their ids. */
export function memoryTemplates(templates: Map<string, Template>): TemplateStore {
  const ofAccount = (account: string) =>
    [...templates.values()].filter((template) => template.account === account);
  const ofType = (account: string, profileType: string) =>
    ofAccount(account).find((template) => template.profileType === profileType);
  return {
    templates: async (account) => ofAccount(account).sort((a, b) => (a.profileType < b.profileType ? -1 : 1)),
    addTemplate: async (template, most) => {
      const { account, profileType } = template;
      if (ofType(account, profileType) !== undefined) return 'exists';
      if (ofAccount(account).length >= most) return 'full';
      templates.set(template.id, template);
      return 'added';
    },
    removeTemplate: async (account, profileType) => {
      const template = ofType(account, profileType);
      return template !== undefined && templates.delete(template.id) ? 'removed' : 'unknown';
    },
  };
}
