import type { BrandStore } from '../store/ports/install/brands.ts';
import { fieldsOf, type PageAnswer } from './answer.ts';
import { SCRIPT, SCRIPT_NAME } from './script.ts';
import { styleName, styleSheet } from './style.ts';

/** A name changes with its content. */
const FOREVER = 'public, max-age=31536000, immutable';
/** A node of another release wrote the page: its browser gets ours, and does not keep it. */
const ONCE = 'no-store';

/** A style sheet, the script, or a logo. undefined: there is none of that name. */
export async function assetNamed(
  name: string,
  store: Pick<BrandStore, 'logo'>,
): Promise<PageAnswer | undefined> {
  const answer = (type: string, body: string | Uint8Array, isOurs = true): PageAnswer => ({
    status: 200,
    fields: fieldsOf({ 'content-type': type, 'cache-control': isOurs ? FOREVER : ONCE }),
    body,
  });
  const [, colour] = /^style-[\w-]{12}-([0-9a-f]{6})\.css$/.exec(name) ?? [];
  if (colour !== undefined)
    return answer('text/css; charset=utf-8', styleSheet(`#${colour}`), name === styleName(`#${colour}`));
  if (/^script-[\w-]{12}\.js$/.test(name))
    return answer('text/javascript; charset=utf-8', SCRIPT, name === SCRIPT_NAME);
  const [, hash] = /^logo-([\w-]{43})$/.exec(name) ?? [];
  const logo = hash === undefined ? undefined : await store.logo(hash);
  return logo && answer(logo.type, logo.bytes);
}
