/** How one part of the installation is. `skipped`: it could not be checked. */
export const checkStates = ['ok', 'skipped', 'warning', 'failed'] as const;
export type CheckState = (typeof checkStates)[number];

/** The result of one check of `esim status`. */
export type Check = {
  readonly name: string;
  readonly state: CheckState;
  /** What was found. */
  readonly detail: string;
  /** What to do about it; present unless it is ok. */
  readonly advice?: string;
};

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail });

/** A check with an advice: everything but `ok`. */
export function problem(
  name: string,
  state: Exclude<CheckState, 'ok'>,
  detail: string,
  advice: string,
): Check {
  return { name, state, detail, advice };
}

/** The worst state of several checks. */
export function worst(checks: readonly Check[]): CheckState {
  const states = checks.map(({ state }) => checkStates.indexOf(state));
  return checkStates[Math.max(0, ...states)] as CheckState;
}
