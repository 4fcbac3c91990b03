import type { Fault } from './fault.ts';
import { clockSteps } from './kinds/clock-steps.ts';
import { databaseAway } from './kinds/database.ts';
import { diskFull } from './kinds/disk-full.ts';
import { gatewayOrders } from './kinds/gateway.ts';
import { interleavings } from './kinds/interleavings.ts';
import { kills } from './kinds/kills.ts';
import { powerCut } from './kinds/power-cut.ts';
import { badReceivers } from './kinds/receivers.ts';
import { replacedPrimary } from './kinds/replaced-primary.ts';

/** Every kind of fault, in the order in which they run. */
export const faults: readonly Fault[] = [
  interleavings,
  kills,
  databaseAway,
  replacedPrimary,
  powerCut,
  clockSteps,
  diskFull,
  badReceivers,
  gatewayOrders,
];
