import type { Builder, Queries } from './queries.ts';

export function contentQueries(kysely: Builder) {
  return {
    byIccid: () => kysely.selectFrom('profile_content').selectAll().where('iccid', '=', ''),
  } satisfies Queries;
}
