import { type Static, Type } from '@sinclair/typebox';
import { about, extending, named } from '../../../shapes/shape.ts';
import { Problem } from '../../frame/problem.ts';
import { ProblemCode } from '../../frame/problem-code.ts';
import { ICCID } from '../../profiles/profile.ts';

const ImportCounts = named(
  'ImportCounts',
  Type.Object(
    {
      rows: Type.Number({ description: 'Rows so far' }),
      created: Type.Number({ description: 'Rows that created a Profile' }),
      exists: Type.Number({ description: 'Rows whose Profile existed already, with the same content' }),
      failed: Type.Number({ description: 'Rows that were refused: each has an ImportRowError' }),
      bytes: Type.Number({ description: 'Bytes so far' }),
    },
    { description: 'How far an import is. All numbers count from its beginning' },
  ),
);

const ImportProgress = Type.Object(
  { type: Type.Literal('progress', { description: 'A report of progress' }), ...ImportCounts.properties },
  { ...extending(ImportCounts), $id: 'ImportProgress', description: 'A report now and then' },
);

const ImportRowError = Type.Object(
  {
    type: Type.Literal('error', { description: 'A row that failed' }),
    line: Type.Optional(Type.Number({ description: 'The line of NDJSON or CSV; the first is 1' })),
    entry: Type.Optional(Type.String({ description: 'The name of the file in a zip' })),
    iccid: Type.Optional(Type.String({ description: 'The ICCID, when the row has one' })),
    code: ProblemCode,
    message: Type.String({ description: 'Why the row was refused' }),
    errors: Problem.properties.errors,
    columns: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Of CSV, with failed_rows=reports: the column names of the file',
      }),
    ),
    fields: Type.Optional(
      Type.Array(Type.String(), { description: 'The row as it came, with its secrets; only with columns' }),
    ),
  },
  { $id: 'ImportRowError', description: 'A row that did not create a Profile' },
);
export type ImportRowError = Static<typeof ImportRowError>;

const ImportRowWarning = Type.Object(
  {
    type: Type.Literal('warning', { description: 'A row that is doubtful, and was taken all the same' }),
    line: Type.Optional(Type.Number({ description: 'The line of CSV; the first is 1' })),
    iccid: Type.Optional(Type.String({ description: 'The ICCID of the row' })),
    message: Type.String({ description: 'What to look at' }),
  },
  { $id: 'ImportRowWarning', description: 'A doubt about a row; the first ten are reported' },
);
export type ImportRowWarning = Static<typeof ImportRowWarning>;

const ImportSummary = Type.Object(
  {
    type: Type.Literal('summary', { description: 'The last report' }),
    complete: Type.Boolean({ description: 'Whether everything was read; if not, message says why' }),
    ...ImportCounts.properties,
    dry_run: Type.Optional(
      Type.Boolean({
        description: 'Present and true when nothing was written: created counts what would be created',
      }),
    ),
    code: Type.Optional(about('A stable word for programs; absent when it is complete', ProblemCode)),
    message: Type.Optional(Type.String({ description: 'Why it ended early; absent when it is complete' })),
  },
  { ...extending(ImportCounts), $id: 'ImportSummary', description: 'The last report of an import' },
);

/** A line of the answer to an import. */
export const ImportReport = Type.Union([ImportProgress, ImportRowError, ImportRowWarning, ImportSummary], {
  $id: 'ImportReport',
  description: 'A line of the answer to an import',
  examples: [
    {
      type: 'error',
      line: 17,
      iccid: ICCID,
      code: 'validation_failed',
      message: 'ki is missing',
      errors: [{ field: '/parameters/ki', message: 'is missing' }],
    },
  ],
});
export type ImportReport = Static<typeof ImportReport>;
