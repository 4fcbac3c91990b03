import type { TemplateStore } from '../ports/templates.ts';
import { type TemplateRow, templateColumns, templateFromRow, templateToRow } from '../rows/templates.ts';
import { templateQueries } from '../statements/templates.ts';
import { addWithin, countIn } from './connection/add-within.ts';
import type { Call } from './connection/batch.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';

const statements = statementsOf(templateQueries);
const insert = insertCall('template', templateColumns);
const nameOf = ({ id }: TemplateRow) => `template ${id}`;

export function postgresTemplates(connection: Connection): TemplateStore {
  const { opened, rows, readable, readableOne, change } = connection;
  const templateFrom = opened('template', templateFromRow);
  return {
    templates: async (account) => readable(await rows(statements.ofAccount, account), templateFrom, nameOf),
    template: async (account, type) =>
      readableOne(await rows(statements.ofType, account, type), templateFrom, nameOf),
    addTemplate: (template, most) => {
      const { account, profileType } = template;
      const counts = [
        { statement: statements.ofType, values: [account, profileType] },
        { statement: statements.count, values: [account] },
      ];
      return addWithin(connection, account, counts, async (session, [ofType, all]) => {
        if (ofType?.rows.length) return 'exists';
        if (countIn(all) >= most) return 'full';
        await session.run([insert(templateToRow(template))]);
        return 'added';
      });
    },
    deleteTemplate: async (account, type) =>
      (await change(statements.delete, account, type)) === 1 ? 'deleted' : 'unknown',
  };
}

/** Records that the first numbers of a template are used up; a smaller number than the stored one changes nothing. */
export function writeUsedNumbers({ template, numbers }: { template: string; numbers: number }): Call {
  return { statement: statements.use, values: [numbers, template, numbers] };
}
