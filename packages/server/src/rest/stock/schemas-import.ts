import { type Static, Type } from '@sinclair/typebox';
import { importReportExample } from '../profiles/schema-examples.ts';
import { Problem, profileLabels } from '../profiles/schemas.ts';

/** The shapes of the bulk import. */

const { service_provider_name, profile_name, profile_class, profile_type } = profileLabels;

const ImportLabels = Type.Object({ service_provider_name, profile_name, profile_class, profile_type });
export type ImportLabels = Static<typeof ImportLabels>;

export const ImportEUICCProfilesQuery = Type.Object({
  ...ImportLabels.properties,
  ignore_columns: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Of CSV: names of columns to pass over, with commas between them',
    }),
  ),
});

const counts = {
  rows: Type.Number({ description: 'Rows so far' }),
  created: Type.Number({ description: 'Of these, created' }),
  exists: Type.Number({ description: 'Of these, there already, with the same content' }),
  failed: Type.Number({ description: 'Of these, refused' }),
  bytes: Type.Number({ description: 'Bytes so far' }),
};

export const ImportProgress = Type.Object(
  { type: Type.Literal('progress'), ...counts },
  { $id: 'ImportProgress' },
);

export const ImportRowError = Type.Object(
  {
    type: Type.Literal('error'),
    line: Type.Optional(Type.Number({ description: 'Of NDJSON and CSV; the first is 1' })),
    entry: Type.Optional(Type.String({ description: 'Of a zip: the name of the file' })),
    iccid: Type.Optional(Type.String()),
    code: Type.String(),
    message: Type.String(),
    errors: Problem.properties.errors,
  },
  { $id: 'ImportRowError' },
);
export type ImportRowError = Static<typeof ImportRowError>;

export const ImportSummary = Type.Object(
  {
    type: Type.Literal('summary'),
    complete: Type.Boolean({ description: 'Whether everything was read; if not, message says why not' }),
    ...counts,
    code: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
  },
  { $id: 'ImportSummary' },
);

/** A line of the answer to an import. */
export const ImportReport = Type.Union([ImportProgress, ImportRowError, ImportSummary], {
  $id: 'ImportReport',
  examples: [importReportExample],
});
export type ImportReport = Static<typeof ImportReport>;
