import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFields } from './fields.ts';

/** What a piece of work is: a request, a job or an attempt to deliver. All log lines that are written during it have these members. */
export type Scope = Pick<
  LogFields,
  | 'request_id'
  | 'interface'
  | 'transaction_id'
  | 'trace_id'
  | 'job'
  | 'kind'
  | 'target'
  | 'type'
  | 'delivery_id'
  | 'event_id'
  | 'attempt'
  | 'function'
>;

const current = new AsyncLocalStorage<Scope>();

/** Does the work, and everything that it waits for, in this scope. Only log lines and traces depend on it. */
export function inScope<T>(scope: Scope, work: () => T): T {
  const outer = current.getStore();
  return current.run(outer === undefined ? scope : { ...outer, ...scope }, work);
}

/** The scope of the work that is going on. */
export function currentScope(): Scope | undefined {
  return current.getStore();
}
