import type { Env } from '@esim-rsp/smdp/env';
import type { Store } from '@esim-rsp/smdp/ports';
import { recordUnchanged } from '@esim-rsp/smdp/state/change';
import { byCustomer } from '@esim-rsp/smdp/state/event';
import type { InstallLinkStore } from '../store/ports/install/links.ts';
import { helpRequestOf } from './link-state.ts';
import { MOST_HELP_CHARACTERS } from './page-help.ts';
import type { Notice } from './view.ts';

/** Saves that may be stale one after the other: a download changes the Profile meanwhile. */
const TRIES = 5;

/** Reports to the account, by an event, that the customer of a link asks for help: once a day. */
export async function askForHelp(
  store: InstallLinkStore & Pick<Store, 'profile' | 'save'>,
  hash: string,
  message: string,
  { now }: Pick<Env, 'now'>,
): Promise<Notice> {
  const text = message
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n]/gu, '')
    .trim();
  if ([...text].length > MOST_HELP_CHARACTERS) return 'tooLong';
  for (let tries = 1; ; tries++) {
    const link = await store.installLink(hash);
    const profile = link && (await store.profile(link.iccid));
    const change = link && helpRequestOf(link, now);
    if (profile === undefined || change === undefined) return 'askedBefore';
    const event = { from: profile, to: profile, ...(text !== '' && { message: text }) };
    const saved = await store.save([
      { installLink: change },
      ...recordUnchanged('install_link.help_requested', event, byCustomer({ now })),
    ]);
    if (saved === 'saved') return 'asked';
    if (tries === TRIES)
      throw new Error('the request for help could not be saved: the profile changes all the time');
  }
}
