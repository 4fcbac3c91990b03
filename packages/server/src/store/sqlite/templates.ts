import type { Template } from '@esim-rsp/smdp/state/template';
import type { TemplateStore } from '../ports/templates.ts';
import { type TemplateRow, templateColumns, templateFromRow, templateToRow } from '../rows/templates.ts';
import { templateQueries } from '../statements/templates.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf, rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

const nameOf = ({ id }: TemplateRow) => `template ${id}`;

export function sqliteTemplates(connection: Connection): TemplateStore {
  const { opened, read, readable, readableOne, write } = connection;
  const statements = connection.prepareEach(templateQueries);
  const writes = prepareLazily({ insert: () => prepareInsert(connection, 'template', templateColumns) });
  const templateFrom = opened('template', templateFromRow);
  const add = (template: Template, most: number) => {
    const { account, profileType } = template;
    if (statements.ofType.get(account, profileType) !== undefined) return 'exists';
    const { count } = statements.count.get(account) as { count: number };
    if (count >= most) return 'full';
    writes.insert(templateToRow(template));
    return 'added';
  };
  return {
    templates: (account) => read(() => readable(rowsOf(statements.ofAccount, account), templateFrom, nameOf)),
    template: (account, profileType) =>
      read(() => readableOne(firstRowOf(statements.ofType, account, profileType), templateFrom, nameOf)),
    addTemplate: (template, most) => write(() => add(template, most)),
    deleteTemplate: (account, profileType) =>
      write(() =>
        Number(statements.delete.run(account, profileType).changes) === 1 ? 'deleted' : 'unknown',
      ),
  };
}

/** Records that the first numbers of a template are used up; a smaller number than the stored one changes nothing. */
export function usedNumbersWriter({ prepareEach }: Connection) {
  const statements = prepareEach(templateQueries);
  return ({ template, numbers }: { readonly template: string; readonly numbers: number }): void => {
    statements.use.run(numbers, template, numbers);
  };
}
