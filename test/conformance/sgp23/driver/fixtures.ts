import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { drawEid, type Issuers } from './euicc.ts';

/** What orders the sequences need; README.md says what each is. */
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

/** A download that waits on the server, for this eUICC or, if it is linked to none, for any. */
export type Order = {
  readonly matchingId: string;
  readonly eid: Eid;
  readonly confirmationCode?: string;
  readonly iccid?: Iccid;
};

/** Where orders come from. Each is used by one sequence only. */
export type Fixtures = {
  order(kind: OrderKind, issuers: Issuers): Promise<Order>;
  /** Ends the period in which the order can be downloaded. */
  expire(order: Order): Promise<void>;
  /** `undefined` where there is nobody to ask. */
  stateOf(order: Order): Promise<string | undefined>;
};

/** A sequence that cannot be tried here, and why. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

/** What `--fixtures` names: README.md describes it. */
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

/** The orders of a file, taken one after another. */
export function fixturesFrom({ orders }: FixtureFile): Fixtures {
  const left = [...orders];
  return {
    order: async (kind, issuers) => {
      const at = left.findIndex((order) => order.kind === kind);
      const [found] = at === -1 ? [] : left.splice(at, 1);
      if (found === undefined) throw new Skipped(`the fixtures have no (more) order of kind ${kind}`);
      const { matchingId = '', eid, confirmationCode, iccid } = found;
      return {
        matchingId,
        eid: eid === undefined ? drawEid(issuers) : parseEid(eid),
        ...(confirmationCode !== undefined && { confirmationCode }),
        ...(iccid !== undefined && { iccid: parseIccid(iccid) }),
      };
    },
    expire: async () => {
      throw new Skipped('an order can be made to expire on our own server only');
    },
    stateOf: async () => undefined,
  };
}
