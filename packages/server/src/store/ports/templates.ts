import type { Reader } from '@esim-rsp/smdp/ports';
import type { Template } from '@esim-rsp/smdp/state/template';

export interface TemplateStore extends Pick<Reader, 'template'> {
  /** The templates of one account, by profile type. */
  templates(account: string): Promise<readonly Template[]>;
  /** `exists`: the account has a template for this type; `full`: it has `most` templates. Nothing was changed then. */
  addTemplate(template: Template, most: number): Promise<'added' | 'exists' | 'full'>;
  deleteTemplate(account: string, profileType: string): Promise<'deleted' | 'unknown'>;
}
