import type { BrandStore } from '../../ports/install/brands.ts';
import {
  type BrandViewRow,
  brandColumns,
  brandFromRow,
  brandToRow,
  type LogoRow,
  logoFromRow,
} from '../../rows/install/brands.ts';
import { brandQueries } from '../../statements/install/brands.ts';
import type { Connection } from '../connection/connection.ts';
import { forUpdate, statementsOf } from '../connection/statements.ts';
import { putCall } from '../connection/write-row.ts';

const statements = statementsOf(brandQueries);
const lockAccount = forUpdate(statements.lockAccount);
const put = putCall('brand', brandColumns, ['account']);
const brandIn = (rows: readonly unknown[] = []) => {
  const [row] = rows as readonly BrandViewRow[];
  return row && brandFromRow(row);
};

export function postgresBrands({ rows, transaction }: Connection): BrandStore {
  return {
    brand: async (account) => brandIn(await rows(statements.ofAccount, account)),
    logo: async (hash) => {
      const [row] = (await rows(statements.logo, hash)) as LogoRow[];
      return row && logoFromRow(row);
    },
    updateBrand: (account, change) =>
      transaction(async (session) => {
        await session.run([{ statement: lockAccount, values: [account] }]);
        const [found, logos] = await session.run([
          { statement: statements.ofAccount, values: [account] },
          { statement: statements.logoOfAccount, values: [account] },
        ]);
        const before = brandIn(found?.rows);
        if (before === undefined) return;
        const [stored] = (logos?.rows ?? []) as LogoRow[];
        await session.run([put(brandToRow(account, change(before), stored?.logo ?? null))]);
      }),
  };
}
