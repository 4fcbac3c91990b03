import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { generateEid, type Issuers } from './euicc.ts';

/** The kinds of orders that the sequences need; README.md describes them. */
export const orderKinds = [
  'default',
  'default-cc',
  'linked',
  'linked-cc',
  'open',
  'open-cc',
  'event',
  'confirmed',
  'expired',
  'ppr1',
  'icon',
  'long-metadata',
  'owner',
  'ppk',
  'ppk-cc',
  'ppk-long-metadata',
] as const;
export type OrderKind = (typeof orderKinds)[number];

/** An order that is ready for download, for this eUICC, or for any if it has no EID. */
export type Order = {
  readonly matchingId: string;
  readonly eid: Eid;
  readonly confirmationCode?: string;
  readonly iccid?: Iccid;
};

/** The source of orders. One sequence uses each order. */
export type Fixtures = {
  order(kind: OrderKind, issuers: Issuers): Promise<Order>;
  /** Makes the order expire. */
  expire(order: Order): Promise<void>;
  /** The state of the Profile. undefined: the server cannot be asked. */
  stateOf(order: Order): Promise<string | undefined>;
};

/** The sequence cannot run here; the message says why. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

/** The file of `--fixtures`; README.md describes it. */
export type FixtureFile = {
  readonly smdpAddress?: string;
  readonly orders: readonly {
    readonly kind: string;
    readonly matchingId?: string;
    readonly eid?: string;
    readonly confirmationCode?: string;
    readonly iccid?: string;
  }[];
};

/** The orders of a file; each call returns the next one. */
export function readFixtures({ orders }: FixtureFile): Fixtures {
  const left = [...orders];
  return {
    order: async (kind, issuers) => {
      const at = left.findIndex((order) => order.kind === kind);
      const [found] = at === -1 ? [] : left.splice(at, 1);
      if (found === undefined) throw new Skipped(`the fixtures have no unused order of kind ${kind}`);
      const { matchingId = '', eid, confirmationCode, iccid } = found;
      return {
        matchingId,
        eid: eid === undefined ? generateEid(issuers) : parseEid(eid),
        ...(confirmationCode !== undefined && { confirmationCode }),
        ...(iccid !== undefined && { iccid: parseIccid(iccid) }),
      };
    },
    expire: async () => {
      throw new Skipped('only on our own server can the run make an order expire');
    },
    stateOf: async () => undefined,
  };
}
