import type { Template } from '@esim-rsp/smdp/state/template';

export interface TemplateStore {
  /** Those of one account, by profile type. */
  templates(account: string): Promise<readonly Template[]>;
  /** `exists`: the account has one for that type; nothing was changed. `full`: it has `most` of them already. */
  addTemplate(template: Template, most: number): Promise<'added' | 'exists' | 'full'>;
  removeTemplate(account: string, profileType: string): Promise<'removed' | 'unknown'>;
}
