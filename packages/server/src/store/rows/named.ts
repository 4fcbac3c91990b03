/**
 * Reads rows that SQLite gives as arrays by the names of their columns. Making an object of each costs it more than
 * reading the row, and a column that nobody asks for costs nothing here.
 */
export function namedBy<R extends object>(columns: readonly (keyof R & string)[]): (values: unknown) => R {
  class Named {
    readonly values: readonly unknown[];
    constructor(values: readonly unknown[]) {
      this.values = values;
    }
  }
  for (const [i, name] of columns.entries())
    Object.defineProperty(Named.prototype, name, {
      get(this: Named) {
        return this.values[i];
      },
    });
  return (values) => new Named(values as readonly unknown[]) as unknown as R;
}
