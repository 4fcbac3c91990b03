import { readFile } from 'node:fs/promises';
import type { UpdateBrandRequest } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

type Texts = 'name' | 'colour' | 'supportUrl' | 'supportEmail' | 'supportPhone' | 'language' | 'logo';
type Options = RestOptions & { readonly [N in Texts]?: string };

/** `esim account brand`: how the pages for customers look. */
export function configure(command: Command): void {
  restOptions(command)
    .option('--name <name>', 'the name above the page')
    .option('--colour <colour>', 'the colour of the button: # and six hexadecimal digits')
    .option('--support-url <url>', 'a page with help: https://…')
    .option('--support-email <address>', 'the email address of support')
    .option('--support-phone <number>', 'the phone number of support')
    .option('--language <code>', 'the language for browsers that prefer none of those of the page')
    .option('--logo <file>', 'a PNG, JPEG or WebP of at most 64 KiB')
    .action(brand);
  examples(command, {
    'esim account brand': 'show how the install pages look',
    "esim account brand --name 'Example Travel' --colour '#0b57d0' --logo logo.png": 'change it',
    "esim account brand --support-phone ''": 'remove a member: an empty value',
  });
}

async function brand(options: Options): Promise<void> {
  const request = await requestFrom(options);
  const { data } = await askApi(options, (api) =>
    Object.keys(request).length === 0 ? api.getBrand() : api.updateBrand(request),
  );
  const { logo, ...others } = data;
  const lines = Object.entries(others).map(
    ([name, value]) => [name.replaceAll('_', ' '), String(value)] as const,
  );
  show(options, data, fields([...lines, ...(logo ? [['logo', logo.url] as const] : [])]));
}

/** An empty text removes a member. */
async function requestFrom(options: Options): Promise<UpdateBrandRequest> {
  const { name, colour, supportUrl, supportEmail, supportPhone, language, logo } = options;
  return {
    ...(name !== undefined && { name: name || null }),
    ...(colour !== undefined && { colour: colour || null }),
    ...(supportUrl !== undefined && { support_url: supportUrl || null }),
    ...(supportEmail !== undefined && { support_email: supportEmail || null }),
    ...(supportPhone !== undefined && { support_phone: supportPhone || null }),
    ...(language !== undefined && { language: language || null }),
    ...(logo !== undefined && { logo: logo === '' ? null : await pictureIn(logo) }),
  };
}

async function pictureIn(path: string): Promise<string> {
  try {
    return (await readFile(path)).toString('base64');
  } catch (error) {
    throw new CliError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
