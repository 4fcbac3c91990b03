import { type Fault, none } from '@esim-rsp/euicc/fault';
import { readIssuers } from '../../conformance/sgp23/driver/euicc.ts';
import type { Order, OrderKind } from '../../conformance/sgp23/driver/fixtures.ts';
import { installationResult, notify } from '../../conformance/sgp23/driver/notification.ts';
import { startOwnServer } from '../../conformance/sgp23/driver/own-server.ts';
import { type Bench, createDevice, mustBe, runToPackage } from '../../conformance/sgp23/driver/sequence.ts';
import { type Binding, connectEs9, type Sending } from '../../conformance/sgp23/driver/server.ts';
import type { Lpa } from '../../conformance/sgp23/driver/session.ts';

/** How one device differs from a common one: in what its eUICC says, or in how its messages are sent. */
export type Difference = {
  readonly fault?: Fault;
  readonly sending?: Sending;
  readonly kind?: OrderKind;
  readonly binding?: Binding;
};

export type ToleranceBench = AsyncDisposable & {
  /** A device of its own with an order that waits for it. */
  device(difference?: Difference): Promise<{ readonly lpa: Lpa; readonly order: Order }>;
  /** The whole download of a device that differs: it must end with the profile installed. */
  downloads(difference: Difference): Promise<void>;
  /** Holds that the profile of an order is in this state. */
  mustBe(state: string, order: Order): Promise<void>;
};

/** Our server over TLS, and devices of the conformance driver that differ from what SGP.22 describes. */
export async function startToleranceBench(): Promise<ToleranceBench> {
  const own = await startOwnServer();
  const { url, smdpAddress, fixtures } = own;
  const issuers = readIssuers(own.pki, 'P-256');
  const benchOf = ({ sending = {}, binding = 'json' }: Difference): Bench => {
    const by = (wanted: Binding) => connectEs9(url, smdpAddress, wanted, sending);
    return { server: by(binding), by, tlsUrl: url, issuers, fixtures };
  };
  const device = async (difference: Difference = {}) => {
    const order = await fixtures.order(difference.kind ?? 'open', issuers);
    return { lpa: createDevice(benchOf(difference), order, difference.fault ?? none), order };
  };
  return {
    device,
    downloads: async (difference) => {
      const { lpa, order } = await device(difference);
      await notify(lpa, installationResult(lpa, await runToPackage(lpa, order)));
      await mustBe('INSTALLED', benchOf({}), order);
    },
    mustBe: (state, order) => mustBe(state, benchOf({}), order),
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
}
