import type { Fault } from './fault.ts';
import { interleavings } from './kinds/interleavings.ts';
import { kills } from './kinds/kills.ts';
import { powerCut } from './kinds/power-cut.ts';

/** Every kind of fault, in the order in which they run. */
export const faults: readonly Fault[] = [interleavings, kills, powerCut];
