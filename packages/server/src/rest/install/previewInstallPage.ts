import { Type } from '@sinclair/typebox';
import type { Device } from '../../install/device.ts';
import { linkStates } from '../../install/link-state.ts';
import { previewPage } from '../../install/page.ts';
import { sampleOf } from '../../install/show-link.ts';
import { INSTALL_PATH } from '../../install/token.ts';
import { about, closed, literals, named } from '../../shapes/shape.ts';
import type { BrandStore } from '../../store/ports/install/brands.ts';
import { operation, type Services } from '../frame/operation.ts';
import { InstallLanguage } from './brand.ts';
import { brandOf } from './getBrand.ts';
import { changedBrand, changesIn, UpdateBrandRequest } from './updateBrand.ts';

const systems = ['apple', 'android', 'windows', 'other'] as const satisfies readonly Device['system'][];

const PreviewInstallPageRequest = Type.Object(
  {
    language: Type.Optional(about('The language; without it, English', InstallLanguage)),
    state: Type.Optional(literals(linkStates, 'What has happened to the order; without it, waiting')),
    device: Type.Optional(
      named(
        'InstallDevice',
        literals(systems, 'The device that opens the page; without it, other: a computer'),
      ),
    ),
    brand: Type.Optional(about('Changes of the brand that are not saved', UpdateBrandRequest)),
  },
  {
    ...closed,
    $id: 'PreviewInstallPageRequest',
    description: 'Which page is shown',
    examples: [{ language: 'de', device: 'apple', brand: { colour: '#0b57d0' } }],
  },
);

const InstallPagePreview = Type.Object(
  {
    html: Type.String({
      description: 'The page, for a frame of your own: its styles come from /i/-/ of this server',
    }),
  },
  {
    $id: 'InstallPagePreview',
    description: 'An install page as customers would see it',
    examples: [{ html: '<!doctype html>…' }],
  },
);

export const previewInstallPage = operation({
  operationId: 'previewInstallPage',
  method: 'POST',
  url: '/api/v1/esim/brand/preview',
  summary: 'Show an install page of the account, with the code of an order that does not exist',
  permissions: ['read'],
  changesNothing: true,
  bodyLimit: 131_072,
  body: PreviewInstallPageRequest,
  answers: {
    200: { description: 'The page', schema: InstallPagePreview },
    400: { description: 'A member is not valid, or the logo is no picture', code: 'invalid_value' },
  },
  respond: async ({ store }: Services<BrandStore>, { env, account, body }) => {
    const { language = 'en', state = 'waiting', device: system = 'other', brand: changes = {} } = body;
    const { accountName, ...saved } = await brandOf(store, account);
    const brand = { ...changedBrand(saved, changesIn(changes)), accountName };
    const page = previewPage({
      ...sampleOf(state, env.smdpAddress, env.now),
      language,
      isChosen: false,
      brand,
      device: { system, takesLink: system !== 'other', isEmbedded: false },
      path: `${INSTALL_PATH}preview`,
    });
    return { html: page.toString() };
  },
});
