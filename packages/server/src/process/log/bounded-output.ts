/** Writes text somewhere without waiting, and calls `done` when it is written or lost. One text at a time. */
export type Sink = (text: string, done: (error?: Error | null) => void) => void;

export type BoundedOutput = {
  write(line: string): void;
  /** How many lines were dropped since the start. */
  dropped(): number;
  /** Resolves when all lines are written, or after this time. */
  flush(milliseconds: number): Promise<void>;
};

/**
 * Lines for a reader that may stall. `maxBytes` of them wait at most; what comes then is dropped and counted. When the reader
 * continues, `describeDropped` makes the line that takes the place of those.
 */
export function boundedOutput(
  sink: Sink,
  maxBytes: number,
  describeDropped: (count: number) => string,
): BoundedOutput {
  let waiting: string[] = [];
  let bytes = 0;
  let isWriting = false;
  let dropped = 0;
  let unreported = 0;
  let settle: (() => void) | undefined;

  const drop = (count: number) => {
    dropped += count;
    unreported += count;
  };
  const writeNext = () => {
    const lines = unreported > 0 ? [...waiting, describeDropped(unreported)] : waiting;
    const [count, size, reported] = [waiting.length, bytes, unreported];
    waiting = [];
    unreported = 0;
    isWriting = true;
    sink(lines.join(''), (error) => {
      isWriting = false;
      bytes -= size;
      if (error) {
        drop(count);
        unreported += reported;
      } else if (waiting.length + unreported > 0) return writeNext();
      settle?.();
    });
  };
  return {
    write: (line) => {
      const size = Buffer.byteLength(line);
      if (bytes > 0 && bytes + size > maxBytes) return drop(1);
      waiting.push(line);
      bytes += size;
      if (!isWriting) writeNext();
    },
    dropped: () => dropped,
    flush: async (milliseconds) => {
      if (!isWriting) return;
      await new Promise<void>((resolve) => {
        settle = resolve;
        setTimeout(resolve, milliseconds).unref();
      });
    },
  };
}
