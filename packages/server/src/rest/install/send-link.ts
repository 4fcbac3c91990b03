import type { Profile } from '@esim-rsp/smdp/state/profile';
import { parseAddress } from '../../delivery/mail/address.ts';
import { type NewMail, newMail } from '../../delivery/mail/new-mail.ts';
import { linkFact } from '../../delivery/mail/read-sent-link.ts';
import { paletteOf } from '../../install/brand/colour.ts';
import { USUAL_COLOUR } from '../../install/style.ts';
import type { Brand, BrandStore } from '../../store/ports/install/brands.ts';
import type { InstallLink, InstallLinkStore } from '../../store/ports/install/links.ts';
import type { Delivery } from '../../store/ports/outbox.ts';
import { viewMetadata } from '../../store/ports/profile-view.ts';
import type { Services } from '../frame/operation.ts';
import { takeMail } from '../mail/request-mail.ts';
import { brandOf } from './getBrand.ts';

type Sent = {
  readonly profile: Profile;
  readonly url: string;
  readonly to: string;
  /** Absent: that of the brand, or English. */
  readonly language?: string | undefined;
};

/** Stores a link and the mail that takes it to the customer, both or neither. Throws 409 if the server sends no mail. */
export async function sendLink(
  services: Services<Pick<InstallLinkStore, 'sendInstallLink'> & BrandStore>,
  link: InstallLink,
  { profile, url, to, language: asked }: Sent,
): Promise<Delivery | 'unknown'> {
  const { account, iccid, createdAt } = link;
  const brand = await brandOf(services.store, account);
  const language = asked ?? brand.language ?? 'en';
  const facts = { ...linkFact(link.hash), ...factsOf(link, profile, brand, language) };
  const mail: NewMail = {
    kind: 'install_link',
    ...{ to: parseAddress(to), language, account, iccid, facts, createdAt },
  };
  takeMail(services, mail);
  return services.store.sendInstallLink(link, url, newMail(mail));
}

/** The values of the placeholders that are no secrets. */
function factsOf(
  { expiresAt }: InstallLink,
  { metadata }: Profile,
  brand: Brand & { readonly accountName: string },
  language: string,
): Record<string, string> {
  const { button, onButton } = paletteOf(brand.colour ?? USUAL_COLOUR);
  const contacts = [brand.supportUrl, brand.supportEmail, brand.supportPhone];
  return {
    brand: brand.name ?? brand.accountName,
    profile_name: viewMetadata(metadata).profileName,
    expires_on: new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(expiresAt),
    contact: contacts.filter((one) => one !== undefined).join('\n'),
    colour: button,
    text_colour: onButton,
  };
}
