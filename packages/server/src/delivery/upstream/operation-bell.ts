/** Says inside one process that something was requested from an upstream. Without it, the job would look four times a second. */
export type OperationBell = {
  ring(): void;
  /** Resolves when it rings, from now on. */
  rings(): Promise<void>;
};

export function createOperationBell(): OperationBell {
  let next = Promise.withResolvers<void>();
  return {
    ring: () => {
      next.resolve();
      next = Promise.withResolvers<void>();
    },
    rings: () => next.promise,
  };
}
