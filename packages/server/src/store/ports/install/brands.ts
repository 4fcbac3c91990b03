/** How the pages for the customers of an account look, and where those customers find help. */
export type Brand = {
  readonly name?: string;
  /** #rrggbb, in lower case. */
  readonly colour?: string;
  readonly supportUrl?: string;
  readonly supportEmail?: string;
  readonly supportPhone?: string;
  /** For customers whose browser prefers none of the languages. */
  readonly language?: string;
  readonly logo?: Logo;
};

/** With the name of the account, for one that has set no other. */
export type BrandView = Brand & { readonly accountName: string };

/** The hash names the picture in its URL. */
export type Logo = {
  readonly type: LogoType;
  readonly width: number;
  readonly height: number;
  readonly hash: string;
};

export const logoTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type LogoType = (typeof logoTypes)[number];

export type LogoContent = Pick<Logo, 'type'> & { readonly bytes: Uint8Array };

/** A new logo with its content, or one that stays as it is. */
export type BrandUpdate = Omit<Brand, 'logo'> & { readonly logo?: Logo & { readonly bytes?: Uint8Array } };

export interface BrandStore {
  /** undefined: there is no such account. */
  brand(account: string): Promise<BrandView | undefined>;
  logo(hash: string): Promise<LogoContent | undefined>;
  /** Reads, changes and writes in one transaction. */
  updateBrand(account: string, change: (brand: Brand) => BrandUpdate): Promise<void>;
}
