/** Remembers at most `limit` values; the one that was not asked for the longest goes first. */
export type Recent<V> = { get(key: string): V | undefined; set(key: string, value: V): void };

export function recent<V>(limit: number): Recent<V> {
  const values = new Map<string, V>();
  /** Many ask for the same value again and again: then nothing has to move. */
  let newest: { readonly key: string; readonly value: V } | undefined;
  return {
    get(key) {
      if (newest !== undefined && newest.key === key) return newest.value;
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key); // a Map keeps the order of insertion: the oldest stands first
      values.set(key, value);
      newest = { key, value };
      return value;
    },
    set(key, value) {
      newest = { key, value };
      values.delete(key);
      values.set(key, value);
      if (values.size <= limit) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
  };
}
