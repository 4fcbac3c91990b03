import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Reader } from '@esim-rsp/smdp/ports';
import { askedIccidOf } from '@esim-rsp/smdp/state/session';
import { Type } from '@sinclair/typebox';
import { networkOf } from '../../limits/ip-address.ts';
import { closed, inWords } from '../../shapes/shape.ts';
import { timeOf } from '../../shapes/time.ts';
import type { RefusedCallStore } from '../../store/ports/refused-calls.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { callDetails, DownloadAttemptDetails, sessionDetails } from './download-attempt.ts';

const AttemptParams = Type.Object(
  {
    transactionId: Type.String({
      pattern: '^([0-9A-Fa-f]{2}){1,16}$',
      ...inWords('2 to 32 hexadecimal digits'),
      description:
        'The transactionId of a session, which the phone, the log and the history of a Profile show',
      examples: ['0196F0C1A2B30000A1B2C3D4E5F60718'],
    }),
  },
  closed,
);

type Store = Pick<Reader, 'session' | 'profile'> & Pick<RefusedCallStore, 'refusedCallsOf'>;

export const getDownloadAttempt = operation({
  operationId: 'getDownloadAttempt',
  method: 'GET',
  url: '/api/v1/esim/download-attempts/:transactionId',
  summary:
    "Show a download of one of the account's profiles with every check of every call. With the permission support also one that no profile was found for, or whose eUICC did not prove itself",
  permissions: ['read'],
  params: AttemptParams,
  answers: {
    200: { description: 'The download, or the attempt of one', schema: DownloadAttemptDetails },
    400: { description: 'The transactionId is not valid' },
    404: { description: 'The account has no such download', code: 'download_attempt_not_found' },
  },
  respond: async ({ store }: Services<Store>, { account, permissions, params }) => {
    const transactionId = parseTransactionId(params.transactionId);
    const isSupport = permissions.includes('support');
    const found = await findSession(store, transactionId, { account, isSupport });
    if (found !== undefined) return found;
    const message = `there is no session ${transactionId} of this account: a session is stored when its eUICC has proved itself, and deleted ESIM_KEEP_SESSIONS days after it has expired`;
    throw new HttpProblem(404, 'download_attempt_not_found', message);
  },
});

type Caller = { readonly account: string; readonly isSupport: boolean };

async function findSession(
  store: Store,
  transactionId: TransactionId,
  { account, isSupport }: Caller,
): Promise<DownloadAttemptDetails | undefined> {
  const session = await store.session(transactionId);
  if (session === undefined) return isSupport ? findRefused(store, transactionId) : undefined;
  const iccid = askedIccidOf(session);
  if (iccid !== undefined)
    return (await store.profile(iccid))?.account === account ? sessionDetails(session) : undefined;
  const { eid: _, ...details } = sessionDetails(session); // the eUICC may be a customer's of another account
  return isSupport ? details : undefined;
}

async function findRefused(
  store: Store,
  transactionId: TransactionId,
): Promise<DownloadAttemptDetails | undefined> {
  const calls = (await store.refusedCallsOf(transactionId)).toReversed();
  const [first] = calls;
  return (
    first && {
      transaction_id: transactionId,
      opened_at: timeOf(first.at),
      stage: 'unauthenticated',
      network: networkOf(first.address),
      ci_pk_ids: [...first.ciPKIds],
      calls: calls.map(callDetails),
    }
  );
}
