import { type Static, Type } from '@sinclair/typebox';
import { isColour } from '../../install/brand/colour.ts';
import { MOST_LOGO_BYTES, readLogo } from '../../install/brand/logo.ts';
import { languageCodes } from '../../install/languages.ts';
import { about, closed, orNull } from '../../shapes/shape.ts';
import type { BrandStore, BrandUpdate } from '../../store/ports/install/brands.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { Brand, brandExample, brandMembers, brandResponse } from './brand.ts';
import { brandOf } from './getBrand.ts';

export const UpdateBrandRequest = Type.Object(
  {
    name: Type.Optional(orNull(brandMembers.name)),
    colour: Type.Optional(orNull(brandMembers.colour)),
    support_url: Type.Optional(orNull(brandMembers.support_url)),
    support_email: Type.Optional(orNull(brandMembers.support_email)),
    support_phone: Type.Optional(orNull(brandMembers.support_phone)),
    language: Type.Optional(
      about(
        `The language for customers whose browser prefers none of ${languageCodes.join(', ')}`,
        orNull(Type.String({ maxLength: 2, examples: ['de'] })),
      ),
    ),
    logo: Type.Optional(
      about(
        `A PNG, a JPEG or a WebP of at most ${MOST_LOGO_BYTES} octets, in base64`,
        orNull(Type.String({ maxLength: 90_000, examples: [] })),
      ),
    ),
  },
  {
    ...closed,
    $id: 'UpdateBrandRequest',
    description: 'Changes of the brand. Members that are absent stay as they are; null removes one',
    examples: [brandExample],
  },
);
type Request = Static<typeof UpdateBrandRequest>;

export const updateBrand = operation({
  operationId: 'updateBrand',
  method: 'PATCH',
  url: '/api/v1/esim/brand',
  summary: 'Set name, colour, logo, contacts and language of the install pages of the account',
  permissions: ['admin'],
  bodyLimit: 131_072,
  body: UpdateBrandRequest,
  answers: {
    200: { description: 'The brand', schema: Brand },
    400: { description: 'A member is not valid, or the logo is no picture', code: 'invalid_value' },
  },
  targets: ({ body }) => Object.keys(body),
  respond: async ({ store, installUrl }: Services<BrandStore>, { account, body }) => {
    const changes = changesIn(body);
    await store.updateBrand(account, (brand) => changedBrand(brand, changes));
    return brandResponse(await brandOf(store, account), installUrl());
  },
});

type Changes = { [N in keyof BrandUpdate]?: BrandUpdate[N] | undefined };

/** The brand after changes. */
export function changedBrand(brand: BrandUpdate, changes: Changes): BrandUpdate {
  return Object.fromEntries(
    Object.entries({ ...brand, ...changes }).filter(([, value]) => value !== undefined),
  );
}

/** The changes of a request: `undefined` removes a member. Throws a 400 for a member that is not valid. */
export function changesIn(body: Request): Changes {
  const { name, colour, support_url, support_email, support_phone, language, logo } = body;
  return {
    ...(name !== undefined && { name: name ?? undefined }),
    ...(colour !== undefined && { colour: colour === null ? undefined : colourIn(colour) }),
    ...(support_url !== undefined && { supportUrl: support_url === null ? undefined : urlIn(support_url) }),
    ...(support_email !== undefined && { supportEmail: support_email ?? undefined }),
    ...(support_phone !== undefined && { supportPhone: support_phone ?? undefined }),
    ...(language !== undefined && { language: language === null ? undefined : languageIn(language) }),
    ...(logo !== undefined && { logo: logo === null ? undefined : logoIn(logo) }),
  };
}

const invalid = (detail: string) => new HttpProblem(400, 'invalid_value', detail);

function colourIn(text: string): string {
  const colour = text.toLowerCase();
  if (!isColour(colour)) throw invalid('colour: # and six hexadecimal digits are expected');
  return colour;
}

function urlIn(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw invalid('support_url: an address with https:// and without a password is expected');
  return url.href;
}

function languageIn(text: string): string {
  if (!languageCodes.some((code) => code === text))
    throw invalid(`language: one of ${languageCodes.join(', ')} is expected`);
  return text;
}

function logoIn(text: string): NonNullable<BrandUpdate['logo']> {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw invalid('logo: base64 is expected');
  const logo = readLogo(bytes);
  if (typeof logo === 'string') throw invalid(`logo: ${logo}`);
  return { ...logo, bytes };
}
