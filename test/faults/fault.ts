import type { Chance } from '../../fuzz/chance.ts';
import type { Replacement } from '../harness/broken-copy.ts';
import type { Engine } from './engine.ts';
import type { Findings } from './findings.ts';

/** How much a run does: `quick` belongs to `npm test`, `medium` to `npm run test:all`, `full` is for a long break. */
export const sizes = ['quick', 'medium', 'full'] as const;
export type Size = (typeof sizes)[number];

/** What a kind of fault gets for its run. */
export type FaultRun = {
  readonly engine: Engine;
  readonly size: Size;
  /** The same choices for the same seed. */
  readonly chance: Chance;
  /** The checkout that is under test. */
  readonly checkout: string;
  /** Its server, as `startServer` takes it: compiled. */
  readonly root: string;
  readonly findings: Findings;
  /** Aborted when no more faults are to be injected. */
  readonly stopping: AbortSignal;
};

/** A kind of fault. It injects faults and checks after each that what must hold holds. */
export type Fault = {
  /** What must hold, as a sentence. */
  readonly name: string;
  /** The engines that it is for. */
  readonly engines: readonly Engine['name'][];
  /** Why it cannot run on this machine; undefined: it can. */
  readonly unavailable?: () => string | undefined;
  readonly run: (run: FaultRun) => Promise<void>;
};

/** A change of the source that a kind of fault must notice (`--prove`). */
export type Break = Replacement & {
  /** What is wrong then, in a few words. */
  readonly name: string;
  /** The engine whose source it breaks; absent: each of them. */
  readonly engine?: Engine['name'];
  /** The name of the kind of fault. */
  readonly fault: string;
  /** A finding that shows that it is noticed for the right reason. */
  readonly finding: RegExp;
};
