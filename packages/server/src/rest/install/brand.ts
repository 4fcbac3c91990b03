import { type Static, Type } from '@sinclair/typebox';
import { languageCodes } from '../../install/languages.ts';
import { about, inWords, literals, named } from '../../shapes/shape.ts';
import { logoTypes, type Brand as Stored } from '../../store/ports/install/brands.ts';

export const InstallLanguage = named(
  'InstallLanguage',
  literals(languageCodes, 'A language of the install page'),
);

/** Members that requests set. */
export const brandMembers = {
  name: Type.String({
    minLength: 1,
    maxLength: 60,
    description: 'The name above the page',
    examples: ['Example Travel'],
  }),
  colour: Type.String({
    pattern: '^#[0-9a-fA-F]{6}$',
    ...inWords('# and six hexadecimal digits'),
    description:
      'The colour of the button and of links; where a text would not be readable, a darker or lighter one is used',
    examples: ['#0b57d0'],
  }),
  support_url: Type.String({
    maxLength: 500,
    description: 'A page with help: https://…',
    examples: ['https://www.example.com/help'],
  }),
  support_email: Type.String({
    maxLength: 254,
    pattern: '^[^\\s@<>"]+@[^\\s@<>"]+\\.[^\\s@<>"]+$',
    ...inWords('an email address'),
    description: 'The email address of support',
    examples: ['help@example.com'],
  }),
  support_phone: Type.String({
    pattern: '^\\+?[0-9][0-9 ()./-]{2,30}$',
    ...inWords('a phone number, such as +49 30 123456'),
    description: 'The phone number of support',
    examples: ['+49 30 123456'],
  }),
};

const BrandLogo = Type.Object(
  {
    url: Type.String({ description: 'Where the pages load it' }),
    type: literals(logoTypes, 'Its media type'),
    width: Type.Integer({ description: 'In pixels' }),
    height: Type.Integer({ description: 'In pixels' }),
  },
  { $id: 'BrandLogo', description: 'The logo of an account' },
);

export const brandExample = {
  name: 'Example Travel',
  colour: '#0b57d0',
  support_email: 'help@example.com',
  language: 'de',
};

export const Brand = Type.Object(
  {
    name: Type.String({
      description: 'The name above the page: that of the account, unless you have set another',
    }),
    colour: Type.Optional(
      Type.String({ description: 'The colour as # and six digits; absent: that of the server' }),
    ),
    support_url: Type.Optional(Type.String({ description: 'A page with help' })),
    support_email: Type.Optional(Type.String({ description: 'The email address of support' })),
    support_phone: Type.Optional(Type.String({ description: 'The phone number of support' })),
    language: Type.Optional(InstallLanguage),
    logo: Type.Optional(about('The logo; absent: there is none', BrandLogo)),
  },
  { $id: 'Brand', description: 'How the install pages of the account look', examples: [brandExample] },
);

export function brandResponse(
  brand: Stored & { readonly accountName: string },
  installUrl: string,
): Static<typeof Brand> {
  const { logo, language } = brand;
  return {
    name: brand.name ?? brand.accountName,
    ...(brand.colour !== undefined && { colour: brand.colour }),
    ...(brand.supportUrl !== undefined && { support_url: brand.supportUrl }),
    ...(brand.supportEmail !== undefined && { support_email: brand.supportEmail }),
    ...(brand.supportPhone !== undefined && { support_phone: brand.supportPhone }),
    ...(language !== undefined && { language: language as Static<typeof InstallLanguage> }),
    ...(logo && {
      logo: {
        url: `${installUrl}/i/-/logo-${logo.hash}`,
        type: logo.type,
        width: logo.width,
        height: logo.height,
      },
    }),
  };
}
