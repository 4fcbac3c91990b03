import type { IdempotencyStore, IdempotentRequest } from '../ports/idempotency.ts';

/** Requests with an Idempotency-Key that are forgotten when the process ends. */
export function memoryIdempotency(): IdempotencyStore {
  const requests = new Map<string, IdempotentRequest>();
  const nameOf = (account: string, key: string) => JSON.stringify([account, key]);
  return {
    beginIdempotent: async (request, abandonedBefore) => {
      const name = nameOf(request.account, request.key);
      const known = requests.get(name);
      const abandoned = known !== undefined && known.answer === undefined && known.begunAt < abandonedBefore;
      if (known !== undefined && !abandoned) return known;
      requests.set(name, request);
      return 'begun';
    },
    keepAnswer: async (account, key, answer) => {
      const name = nameOf(account, key);
      const known = requests.get(name);
      if (known !== undefined) requests.set(name, { ...known, answer });
    },
    forgetIdempotent: async (account, key) => void requests.delete(nameOf(account, key)),
    removeIdempotentBefore: async (begunAt) => {
      const old = [...requests].filter(([, request]) => request.begunAt < begunAt);
      for (const [name] of old) requests.delete(name);
      return old.length;
    },
  };
}
