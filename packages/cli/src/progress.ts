const BAR = 24;
/** Without a terminal: the time between two lines. */
const LINE_EVERY_MS = 5000;

/** Shows progress on stderr: one line that changes on a terminal, otherwise a line every five seconds. */
export function progressOutput() {
  let lastLine = performance.now();
  let hasLine = false;
  const { stderr } = process;
  return {
    show(text: () => string): void {
      const now = performance.now();
      if (stderr.isTTY) {
        hasLine = true;
        stderr.write(`\r\x1b[K${text().slice(0, stderr.columns - 1)}`);
      } else if (now - lastLine >= LINE_EVERY_MS) {
        lastLine = now;
        stderr.write(`${text()}\n`);
      }
    },
    /** Clears the line on a terminal, so that other text can be written. */
    clear(): void {
      if (hasLine) stderr.write('\r\x1b[K');
      hasLine = false;
    },
  };
}

/** `share`: from 0 to 1. */
export function progressBar(share: number): string {
  const filled = Math.round(share * BAR);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(share * 100)} %`;
}
