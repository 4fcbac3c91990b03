import type { BrandUpdate, BrandView, LogoContent, LogoType } from '../../ports/install/brands.ts';
import type { Columns, Row } from '../column-types.ts';

/** Nothing of it is secret: customers see all of it. The members of the logo are all there, or none. */
export const brandColumns = {
  account: 'text',
  name: 'text?',
  colour: 'text?',
  support_url: 'text?',
  support_email: 'text?',
  support_phone: 'text?',
  language: 'text?',
  logo: 'bytes?',
  logo_type: 'text?',
  logo_width: 'integer?',
  logo_height: 'integer?',
  logo_hash: 'text?',
} as const satisfies Columns;
export type BrandRow = Row<typeof brandColumns>;

/** Without the picture, which only its own URL needs. */
export const brandViewColumns = [
  'brand.name',
  'brand.colour',
  'brand.support_url',
  'brand.support_email',
  'brand.support_phone',
  'brand.language',
  'brand.logo_type',
  'brand.logo_width',
  'brand.logo_height',
  'brand.logo_hash',
] as const;
export type BrandViewRow = {
  readonly [N in Exclude<keyof BrandRow, 'account' | 'logo'>]: BrandRow[N];
} & { readonly account_name: string };

export function brandFromRow(row: BrandViewRow): BrandView {
  const { logo_type: type, logo_width: width, logo_height: height, logo_hash: hash } = row;
  return {
    accountName: row.account_name,
    ...(row.name !== null && { name: row.name }),
    ...(row.colour !== null && { colour: row.colour }),
    ...(row.support_url !== null && { supportUrl: row.support_url }),
    ...(row.support_email !== null && { supportEmail: row.support_email }),
    ...(row.support_phone !== null && { supportPhone: row.support_phone }),
    ...(row.language !== null && { language: row.language }),
    ...(type !== null &&
      width !== null &&
      height !== null &&
      hash !== null && { logo: { type: type as LogoType, width, height, hash } }),
  };
}

/** `logo`: the picture that is stored; it stays if the new brand has the same logo without its content. */
export function brandToRow(account: string, brand: BrandUpdate, logo: Uint8Array | null): BrandRow {
  return {
    account,
    name: brand.name ?? null,
    colour: brand.colour ?? null,
    support_url: brand.supportUrl ?? null,
    support_email: brand.supportEmail ?? null,
    support_phone: brand.supportPhone ?? null,
    language: brand.language ?? null,
    logo: brand.logo === undefined ? null : (brand.logo.bytes ?? logo),
    logo_type: brand.logo?.type ?? null,
    logo_width: brand.logo?.width ?? null,
    logo_height: brand.logo?.height ?? null,
    logo_hash: brand.logo?.hash ?? null,
  };
}

export type LogoRow = Pick<BrandRow, 'logo' | 'logo_type'>;

export function logoFromRow({ logo: bytes, logo_type: type }: LogoRow): LogoContent | undefined {
  return bytes === null || type === null ? undefined : { bytes, type: type as LogoType };
}
