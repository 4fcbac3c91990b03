import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { refusedCallJson, refusedCallsText, sessionJson, sessionText } from './text.ts';

/** A session as it is printed. */
export type FoundSession = { readonly json: object; readonly text: string };

/** The session of a transaction, or the calls that were refused before its eUICC had proved itself. */
export async function findSession(
  store: Pick<ServerStore, 'session' | 'refusedCallsOf'>,
  transactionId: TransactionId,
): Promise<FoundSession | undefined> {
  const session = await store.session(transactionId);
  if (session !== undefined) return { json: sessionJson(session), text: sessionText(session) };
  const [first, ...others] = (await store.refusedCallsOf(transactionId)).toReversed();
  if (first === undefined) return undefined;
  const calls = [first, ...others].flatMap((call) => refusedCallJson(call).calls);
  return { json: { ...refusedCallJson(first), calls }, text: refusedCallsText([first, ...others]) };
}
