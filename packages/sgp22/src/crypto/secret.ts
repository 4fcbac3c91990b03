const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Changes how an object is printed: JSON, inspection and logs show `[name]` instead of its members. */
export function makeUnprintable<T extends object>(name: string, secret: T): T {
  const printed = { value: () => `[${name}]` };
  return Object.defineProperties(secret, { toJSON: printed, [INSPECT]: printed });
}
