/** What the clocks of the machine say: Unix milliseconds, and milliseconds that cannot be set. */
export type Clocks = { readonly now: () => number; readonly steady: () => number };

const ofMachine: Clocks = { now: () => Date.now(), steady: () => performance.now() };
/** Smaller differences are corrections of a clock that is nearly right. */
const STEP_MS = 1000;

/** Returns a function that says whether the clock was set back since it was called last. Times that were planned before are too late then. */
export function watchClock({ now, steady }: Clocks = ofMachine): () => boolean {
  let offset = now() - steady();
  return () => {
    const before = offset;
    offset = now() - steady();
    return before - offset > STEP_MS;
  };
}
