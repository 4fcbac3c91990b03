/** A cache of at most `limit` values. When it is full, it drops the least recently used one. */
export type LruCache<V> = { get(key: string): V | undefined; set(key: string, value: V): void };

export function createLruCache<V>(limit: number): LruCache<V> {
  const values = new Map<string, V>();
  /** The most recent entry: repeated reads of it need no change to the Map. */
  let newest: { readonly key: string; readonly value: V } | undefined;
  return {
    get(key) {
      if (newest !== undefined && newest.key === key) return newest.value;
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key); // a Map keeps the order of insertion: the oldest is first
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
