/**
 * Reads rows that SQLite returns as arrays by the names of their columns. SQLite takes longer to make an object of a row
 * than to read the row, and here a column that is not read costs nothing.
 */
export function readByName<R extends object>(columns: readonly (keyof R & string)[]): (values: unknown) => R {
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
