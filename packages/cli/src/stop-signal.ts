/** The signals that ask a command to end. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves with the first of these signals. Later ones are ignored, because the shutdown ends by itself. */
export function stopSignal(signals: readonly NodeJS.Signals[] = stopSignals): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve());
  });
}

/** Whether a person sees this process in a terminal: SIGHUP says then that the terminal was closed. */
export function hasTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}
