const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Takes an object its printable forms: JSON and inspection, and so every log, show `[name]` instead of the members. */
export function makeUnprintable<T extends object>(name: string, secret: T): T {
  const shown = { value: () => `[${name}]` };
  return Object.defineProperties(secret, { toJSON: shown, [INSPECT]: shown });
}
