/** Octets as they come, read by length. */
export type Octets = {
  /** Exactly `length` octets, or undefined where there are fewer. */
  take(length: number): Promise<Uint8Array | undefined>;
  /** As many of the next as there are, up to `length`, without taking them. */
  peek(length: number): Promise<Uint8Array>;
  skip(length: number): Promise<boolean>;
  /** All that is left, as it comes. */
  rest(): AsyncGenerator<Uint8Array>;
  /** Nothing more is read. */
  close(): void;
};

export function octetsOf(pieces: AsyncIterable<Uint8Array>): Octets {
  const source = pieces[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  /** Holds at least `length` octets, or all that are left. */
  const hold = async (length: number) => {
    if (held.length >= length) return;
    const parts = [held];
    for (let sum = held.length; sum < length; ) {
      const { done, value } = await source.next();
      if (done) break;
      parts.push(value);
      sum += value.length;
    }
    held = Buffer.concat(parts);
  };
  return {
    async take(length) {
      await hold(length);
      if (held.length < length) return undefined;
      const taken = held.subarray(0, length);
      held = held.subarray(length);
      return taken;
    },
    async peek(length) {
      await hold(length);
      return held.subarray(0, length);
    },
    async skip(length) {
      for (let left = length; left > 0; ) {
        await hold(1);
        if (held.length === 0) return false;
        const step = Math.min(left, held.length);
        held = held.subarray(step);
        left -= step;
      }
      return true;
    },
    async *rest() {
      if (held.length > 0) yield held;
      held = new Uint8Array();
      for (;;) {
        const { done, value } = await source.next();
        if (done) return;
        yield value;
      }
    },
    close: () => void source.return?.(),
  };
}
