const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** For each name what is printed: made once, because records with secrets are many. */
const printedAs = new Map<string, PropertyDescriptor>();

/** Changes how an object is printed: JSON, inspection and logs show `[name]` instead of its members. */
export function makeUnprintable<T extends object>(name: string, secret: T): T {
  let printed = printedAs.get(name);
  if (printed === undefined) {
    printed = { value: () => `[${name}]` };
    printedAs.set(name, printed);
  }
  Object.defineProperty(secret, 'toJSON', printed);
  return Object.defineProperty(secret, INSPECT, printed);
}
