import { sql } from 'kysely';
import { brandViewColumns } from '../../rows/install/brands.ts';
import type { Builder, Queries } from '../queries.ts';

export function brandQueries(kysely: Builder) {
  return {
    ofAccount: () =>
      kysely
        .selectFrom('account')
        .leftJoin('brand', 'brand.account', 'account.id')
        .select(['account.name as account_name', ...brandViewColumns])
        .where('account.id', '=', '')
        .limit(sql.lit(1)),
    logo: () =>
      kysely.selectFrom('brand').select(['logo', 'logo_type']).where('logo_hash', '=', '').limit(sql.lit(1)),
    logoOfAccount: () => kysely.selectFrom('brand').select(['logo', 'logo_type']).where('account', '=', ''),
    delete: () => kysely.deleteFrom('brand').where('account', '=', ''),
    lockAccount: () => kysely.selectFrom('account').select('id').where('id', '=', ''),
  } satisfies Queries;
}
