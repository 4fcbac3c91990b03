import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { LinkedOrder, OrderId } from '@esim-rsp/smdp/state/order';
import type { BegunRequest } from '../idempotency.ts';
import type { Delivery, NewDelivery } from '../outbox.ts';
import type { ProfileView } from '../profile-view.ts';
import type { BrandView } from './brands.ts';

/** A link under which the customer of an order sees how to install its Profile. The token in its URL is not stored. */
export type InstallLink = LinkedOrder & {
  /** SHA-256 of the token, in base64url. */
  readonly hash: string;
  readonly account: string;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** How often a person has opened the page; and when last. */
  readonly views: number;
  readonly viewedAt?: number;
  /** When the order took the place of an earlier one, for which the link was created. */
  readonly replacedAt?: number;
  /** When the customer last asked for help. */
  readonly helpAskedAt?: number;
  /** The id of the delivery of the mail by which the link was sent. */
  readonly sentDelivery?: number;
};

/** What the page of a link shows, read together. */
export type LinkedPage = {
  readonly link: InstallLink;
  /** With the id of its order. Absent: the Profile is gone. */
  readonly profile?: ProfileView & { readonly orderId: OrderId | undefined };
  readonly brand?: BrandView;
};

export type LinkViews = { readonly hash: string; readonly views: number; readonly at: number };

export interface InstallLinkStore {
  installLink(hash: string): Promise<InstallLink | undefined>;
  linkedPage(hash: string): Promise<LinkedPage | undefined>;
  /** The link of an order; undefined: it has none. */
  installLinkOf(order: LinkedOrder): Promise<InstallLink | undefined>;
  /** Adds a link. Those that the order had before, and those of the Profile that have expired, are deleted. `unknown`: the Profile is gone. `request`: whose work this is. */
  addInstallLink(link: InstallLink, request?: BegunRequest): Promise<'added' | 'unknown'>;
  /** The same, and puts the mail with its URL into the outbox, both or neither. The URL is stored sealed, for that mail. */
  sendInstallLink(
    link: InstallLink,
    url: string,
    mail: NewDelivery,
    request?: BegunRequest,
  ): Promise<Delivery | 'unknown'>;
  /** Puts the mail of a link into the outbox again: from now on the link was sent by this one, if it is still there. `request`: whose work this is. */
  resendInstallLink(hash: string, mail: NewDelivery, request?: BegunRequest): Promise<Delivery>;
  /** The URL of a link that was sent by mail; undefined: the link is gone, or was not sent. */
  sentUrl(hash: string): Promise<string | undefined>;
  /** Deletes all links of a Profile, those of its earlier orders too. `unknown`: it has none. */
  deleteInstallLinks(iccid: Iccid): Promise<'deleted' | 'unknown'>;
  /** Adds to the views of links; links that are gone are skipped. */
  recordLinkViews(views: readonly LinkViews[]): Promise<void>;
}
