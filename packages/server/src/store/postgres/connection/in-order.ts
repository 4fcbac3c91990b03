export type InOrder = <T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>;

/** Runs work one after the other where it has a key in common, in the order in which it was asked for; other work runs at the same time. */
export function createOrder(): InOrder {
  const latest = new Map<string, Promise<unknown>>();
  return <T>(keys: readonly string[], work: () => Promise<T>): Promise<T> => {
    const before = keys.flatMap((key) => latest.get(key) ?? []);
    const own = before.length === 0 ? work() : Promise.allSettled(before).then(work);
    for (const key of keys) latest.set(key, own);
    const forget = () => {
      for (const key of keys) if (latest.get(key) === own) latest.delete(key);
    };
    own.then(forget, forget);
    return own;
  };
}
