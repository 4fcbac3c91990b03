import type { Brand, BrandStore, BrandUpdate } from '../../ports/install/brands.ts';
import {
  type BrandViewRow,
  brandColumns,
  brandFromRow,
  brandToRow,
  type LogoRow,
  logoFromRow,
} from '../../rows/install/brands.ts';
import { brandQueries } from '../../statements/install/brands.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { prepareInsert } from '../connection/write-row.ts';

export function sqliteBrands(connection: Connection): BrandStore {
  const { prepareEach, read, write } = connection;
  const statements = prepareEach(brandQueries);
  const writes = prepareLazily({ insert: () => prepareInsert(connection, 'brand', brandColumns) });
  const find = (account: string) => {
    const row = statements.ofAccount.get(account);
    return row === undefined ? undefined : brandFromRow(row as BrandViewRow);
  };
  const update = (account: string, change: (brand: Brand) => BrandUpdate) => {
    const before = find(account);
    if (before === undefined) return;
    const stored = statements.logoOfAccount.get(account) as LogoRow | undefined;
    const after = brandToRow(account, change(before), stored?.logo ?? null);
    statements.delete.run(account);
    writes.insert(after);
  };
  return {
    brand: (account) => read(() => find(account)),
    logo: (hash) =>
      read(() => {
        const row = statements.logo.get(hash) as LogoRow | undefined;
        return row && logoFromRow(row);
      }),
    updateBrand: (account, change) => write(() => update(account, change)),
  };
}
