/** The device that opens the page, as far as its User-Agent says. */
export type Device = {
  readonly system: 'apple' | 'android' | 'windows' | 'other';
  /** Whether its link opens the installation: not on old versions of iOS. */
  readonly takesLink: boolean;
  /** Whether the page is inside another app, which may not hand the link on to the system. */
  readonly isEmbedded: boolean;
};

/** The longest User-Agent that is read: longer ones are nothing that browsers send. */
const LONGEST = 512;

/** Apps that show pages themselves. */
const APPS =
  /\b(?:FBAN|FBAV|FB_IAB|Instagram|Line\/|MicroMessenger|GSA\/|Snapchat|Pinterest|LinkedInApp|musical_ly|BytedanceWebview|TikTok|Twitter|WhatsApp|Viber|KAKAOTALK)/i;

export function deviceOf(userAgent: string | undefined): Device {
  const text = (userAgent ?? '').slice(0, LONGEST);
  if (/iPhone|iPad|iPod/.test(text))
    return {
      system: 'apple',
      takesLink: isNewApple(text),
      isEmbedded: APPS.test(text) || !/Safari\//.test(text),
    };
  if (/Android/.test(text))
    return { system: 'android', takesLink: true, isEmbedded: APPS.test(text) || /; wv\)/.test(text) };
  if (/Windows NT 1\d/.test(text)) return { system: 'windows', takesLink: true, isEmbedded: APPS.test(text) };
  return { system: 'other', takesLink: false, isEmbedded: false };
}

/** iOS 17.4 or later. A version that is not readable counts as new. */
function isNewApple(text: string): boolean {
  const [, major, minor] = /OS (\d+)_(\d+)/.exec(text) ?? [];
  if (major === undefined) return true;
  return Number(major) > 17 || (Number(major) === 17 && Number(minor) >= 4);
}
