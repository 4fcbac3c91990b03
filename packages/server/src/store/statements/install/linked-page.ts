import type { OrderId } from '@esim-rsp/smdp/state/order';
import { sql } from 'kysely';
import type { LinkedPage } from '../../ports/install/links.ts';
import { type BrandViewRow, brandFromRow, brandViewColumns } from '../../rows/install/brands.ts';
import { type InstallLinkRow, installLinkColumns, installLinkFromRow } from '../../rows/install/links.ts';
import { viewColumns } from '../../rows/profile-view.ts';
import { readByName } from '../../rows/read-by-name.ts';
import type { ReadableOne } from '../../rows/readable.ts';
import type { Opened } from '../../rows/secrets/secret-columns.ts';
import { type MetadataText, viewReaders } from '../inventory/views.ts';
import type { Builder, Queries } from '../queries.ts';

type LinkRow = Omit<InstallLinkRow, 'sent_url'>;
const linkColumns = (Object.keys(installLinkColumns) as (keyof InstallLinkRow)[]).filter(
  (name): name is keyof LinkRow => name !== 'sent_url',
);

/** One row of arrays for a page: the link, the Profile, the id of its order, and the brand. */
export function linkedPageQueries(metadataText: MetadataText) {
  const metadata = sql<string>`${sql.raw(metadataText)}`.as('metadata');
  return (kysely: Builder) =>
    ({
      linkedPage: () =>
        kysely
          .selectFrom('install_link')
          .leftJoin('profile', 'profile.iccid', 'install_link.iccid')
          .leftJoin('account', 'account.id', 'install_link.account')
          .leftJoin('brand', 'brand.account', 'account.id')
          .select(linkColumns.map((name) => `install_link.${name}` as const))
          .select(
            viewColumns.map((name) =>
              name === 'metadata' ? metadata : (`profile.${name} as view_${name}` as const),
            ),
          )
          .select([
            'profile.order_id as order_of_profile',
            'account.name as account_name',
            ...brandViewColumns,
          ])
          .where('install_link.hash', '=', ''),
    }) satisfies Queries;
}

const linkRowOf = readByName<LinkRow>(linkColumns);
const brandRowOf = readByName<BrandViewRow>([
  'account_name',
  ...brandViewColumns.map((name) => name.slice('brand.'.length) as keyof BrandViewRow),
]);
const VIEW_AT = linkColumns.length;
const ORDER_AT = VIEW_AT + viewColumns.length;
const BRAND_AT = ORDER_AT + 1;

type Readers = { readonly opened: Opened; readonly readableOne: ReadableOne };

/** Reads the row, if there is one. What cannot be read is reported under its own name. */
export function linkedPageReader({ opened, readableOne }: Readers) {
  const { withCodes: viewFrom } = viewReaders(opened);
  const linkFrom = (values: unknown) => installLinkFromRow(linkRowOf(values));
  return ([row]: readonly unknown[]): LinkedPage | undefined => {
    if (row === undefined) return undefined;
    const values = row as readonly unknown[];
    const { hash, account, iccid } = linkRowOf(values);
    const one = <T>(part: readonly unknown[], from: (values: unknown) => T, name: string) =>
      readableOne(
        [part],
        from,
        () => name,
        () => account,
      ) as T;
    const [isProfile, isAccount] = [values[VIEW_AT] !== null, values[BRAND_AT] !== null];
    const view = values.slice(VIEW_AT, ORDER_AT);
    const orderId = (values[ORDER_AT] as OrderId | null) ?? undefined;
    return {
      link: one(values.slice(0, VIEW_AT), linkFrom, `install_link ${hash}`),
      ...(isProfile && { profile: { ...one(view, viewFrom, `profile ${iccid}`), orderId } }),
      ...(isAccount && { brand: brandFromRow(brandRowOf(values.slice(BRAND_AT))) }),
    };
  };
}
