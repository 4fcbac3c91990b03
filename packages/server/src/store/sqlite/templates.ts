import type { TemplateStore } from '../ports/templates.ts';
import { type TemplateRow, templateFromRow, templateToRow } from '../rows/templates.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** Templates in SQLite. */
export function sqliteTemplates(statements: Statements, { read, write }: GroupCommit): TemplateStore {
  return {
    templates: (account) =>
      read(() => (statements.templates.all(account) as TemplateRow[]).map(templateFromRow)),
    addTemplate: (template, most) =>
      write(() => {
        const { account, profileType } = template;
        if (statements.template.get(account, profileType) !== undefined) return 'exists';
        const { count } = statements.countTemplates.get(account) as { count: number };
        if (count >= most) return 'full';
        statements.insertTemplate(templateToRow(template));
        return 'added';
      }),
    removeTemplate: (account, profileType) =>
      write(() =>
        Number(statements.removeTemplate.run(account, profileType).changes) === 1 ? 'removed' : 'unknown',
      ),
  };
}
