import type { BrandUpdate } from '../store/ports/install/brands.ts';
import type { Device } from './device.ts';
import type { Language } from './languages.ts';
import type { LinkState } from './link-state.ts';

/** What there is to install: the parts of an activation code. */
export type CodeView = {
  /** `LPA:1$…` */
  readonly whole: string;
  readonly smdpAddress: string;
  readonly matchingId: string;
};

/** What the page has to say after a request for help. */
export const notices = ['asked', 'askedBefore', 'tooLong'] as const;
export type Notice = (typeof notices)[number];

/** How a page looks, whatever is on it. */
export type Frame = {
  readonly language: Language;
  /** Whether the address of the page has chosen it. */
  readonly isChosen: boolean;
  /** Absent: whose page it is must not be seen. A logo that is not stored yet has its content. */
  readonly brand?: BrandUpdate & { readonly accountName: string };
};

/** What is on the page of a link. */
export type PageView = Frame & {
  readonly device: Device;
  /** The path of the page. */
  readonly path: string;
  readonly state: LinkState;
  /** The name of the Profile, as the phone shows it. */
  readonly profileName: string;
  /** Absent: there is nothing to install in this state, or the phone finds the Profile by itself. */
  readonly code?: CodeView;
  readonly needsConfirmationCode: boolean;
  readonly isReplacement: boolean;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** Changes with what the page shows. */
  readonly stamp: string;
  readonly notice?: Notice;
};

/** What decides about all of a page but the values of its link. */
export type Layout = Frame &
  Pick<PageView, 'device' | 'state' | 'needsConfirmationCode' | 'isReplacement' | 'notice'> & {
    readonly hasCode: boolean;
  };

export function layoutOf(view: PageView): Layout {
  const { language, isChosen, brand, device, state, needsConfirmationCode, isReplacement, notice } = view;
  return {
    language,
    isChosen,
    ...(brand !== undefined && { brand }),
    device,
    state,
    hasCode: view.code !== undefined,
    needsConfirmationCode,
    isReplacement,
    ...(notice !== undefined && { notice }),
  };
}
