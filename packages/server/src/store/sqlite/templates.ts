import type { Template } from '@esim-rsp/smdp/state/template';
import { sql } from 'kysely';
import type { TemplateStore } from '../ports/templates.ts';
import { type TemplateRow, templateColumns, templateFromRow, templateToRow } from '../rows/templates.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

const nameOf = ({ id }: TemplateRow) => `template ${id}`;

export function sqliteTemplates(connection: Connection): TemplateStore {
  const { read, readable, readableOne, write } = connection;
  const statements = prepareStatements(connection);
  const add = (template: Template, most: number) => {
    const { account, profileType } = template;
    if (statements.ofType.get(account, profileType) !== undefined) return 'exists';
    const { count } = statements.count.get(account) as { count: number };
    if (count >= most) return 'full';
    statements.insert(templateToRow(template));
    return 'added';
  };
  return {
    templates: (account) =>
      read(() => readable(rowsOf(statements.ofAccount, account), templateFromRow, nameOf)),
    template: (account, profileType) =>
      read(() => readableOne(rowsOf(statements.ofType, account, profileType), templateFromRow, nameOf)),
    addTemplate: (template, most) => write(() => add(template, most)),
    deleteTemplate: (account, profileType) =>
      write(() =>
        Number(statements.delete.run(account, profileType).changes) === 1 ? 'deleted' : 'unknown',
      ),
  };
}

function prepareStatements({ db, kysely, prepare }: Connection) {
  const ofAccount = () => kysely.selectFrom('template').where('account', '=', '');
  return prepareLazily({
    ofAccount: () => prepare(ofAccount().selectAll().orderBy('profile_type')),
    ofType: () => prepare(ofAccount().selectAll().where('profile_type', '=', '')),
    count: () => prepare(ofAccount().select(sql<number>`count(*)`.as('count'))),
    insert: () => prepareInsert(db, 'template', templateColumns),
    delete: () =>
      prepare(kysely.deleteFrom('template').where('account', '=', '').where('profile_type', '=', '')),
  });
}

/** Records that the first numbers of a template are used up; a smaller number than the stored one changes nothing. */
export function usedNumbersWriter({ kysely, prepare }: Connection) {
  const statements = prepareLazily({
    use: () =>
      prepare(kysely.updateTable('template').set({ passed: 0 }).where('id', '=', '').where('passed', '<', 0)),
  });
  return ({ template, numbers }: { readonly template: string; readonly numbers: number }): void => {
    statements.use.run(numbers, template, numbers);
  };
}
