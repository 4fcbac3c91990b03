import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestedOfType } from '@esim-rsp/smdp/gateway/new-operation';
import type { Store } from '@esim-rsp/smdp/ports';
import { functionOf, isOpen, type Operation } from '@esim-rsp/smdp/state/gateway/operation';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import type { AnswerHead } from '../frame/answer-head.ts';
import type { Answer, Call, Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';
import { pendingResponse } from './pending-operation.ts';
import { OPERATIONS } from './upstream-operation.ts';

type WaitingStore = Store & Pick<OperationStore, 'operation'>;
type Waiting = Pick<Call<unknown, unknown, unknown>, 'env' | 'permissions' | 'session' | 'headers'>;

/** What an operation answers whose Profile may be at an upstream, besides its own answers. */
export const upstreamAnswers = {
  202: {
    description:
      'The upstream of the profile has not answered yet: the profile as it is, with pending_operation. Of an order of a type, iccid is empty until the upstream has chosen a profile. Location is the operation, which says how it ends',
    schema: GetEUICCProfileResponse,
  },
} as const satisfies Readonly<Record<number, Answer>>;

/** Answers with a profile, once its upstream has answered or the caller does not want to wait longer. */
export async function answerRequested(
  services: Services<WaitingStore>,
  { env, permissions, session, headers }: Waiting,
  reply: AnswerHead,
  { profile, operation }: RequestedOfType,
): Promise<GetEUICCProfileResponse> {
  const viewer = { env, permissions, session };
  if (operation === undefined) {
    if (profile === undefined) throw new Error('what was requested is neither a profile nor an operation');
    return profileResponse(profile, viewer);
  }
  services.operationAccepted?.();
  const end = await endOf(services, operation, waitIn(headers.prefer));
  if (end.state === 'refused') throw refusedProblem(end);
  if (end.state === 'failed') throw failedProblem(end);
  const { iccid } = end;
  const now = iccid === undefined ? undefined : ((await services.store.profile(iccid)) ?? profile);
  if (end.state === 'done' && now !== undefined) return profileResponse(now, viewer);
  reply.status(202).header('location', `${OPERATIONS}/${end.id}`);
  return now === undefined ? notChosenYet(end) : profileResponse(now, viewer, end);
}

/** What is known of a profile that its upstream has not chosen yet. */
function notChosenYet(operation: Operation): GetEUICCProfileResponse {
  const { upstream, profileType, requestedAt } = operation;
  return {
    iccid: '',
    imsi: '',
    state: 'AVAILABLE',
    last_operation_date: Math.floor(requestedAt / 1000),
    activation_code: '',
    upstream,
    ...(profileType !== undefined && { profile_type: profileType }),
    pending_operation: pendingResponse(operation),
  };
}

const USUAL_SECONDS = 10;
const LONGEST_SECONDS = 60;

/** Milliseconds to wait, as `Prefer: wait=…` says (RFC 7240). */
export function waitIn(prefer: string | readonly string[] | undefined): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(String(prefer ?? '')) ?? [];
  return Math.min(seconds === undefined ? USUAL_SECONDS : Number(seconds), LONGEST_SECONDS) * 1000;
}

const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 250;

/** The operation when it has ended, is unknown for good, or the time is over. */
async function endOf(
  { store, stopping }: Services<WaitingStore>,
  operation: Operation,
  wait: number,
): Promise<Operation> {
  const until = performance.now() + wait;
  let [now, look] = [operation, FIRST_LOOK_MS];
  while (isOpen(now) && performance.now() < until && !stopping.aborted) {
    await sleep(Math.min(look, Math.max(0, until - performance.now())));
    look = Math.min(look * 2, LONGEST_LOOK_MS);
    now = (await store.operation(operation.id)) ?? now;
  }
  return now;
}

/** The refusal of an upstream, with its codes and its text. */
export function refusedProblem(operation: Operation): HttpProblem {
  const { subjectCode, reasonCode, message } = operation.fault ?? { message: 'no reason' };
  const codes = subjectCode === undefined ? '' : ` (${subjectCode}/${reasonCode ?? ''})`;
  const subject = operation.iccid === undefined ? '' : ` for ${operation.iccid}`;
  const what = `the upstream ${operation.upstream} refuses ${functionOf(operation)}${codes}${subject}: ${message}`;
  return new HttpProblem(409, 'upstream_refused', what);
}

/** The upstream has done an order, but its answer cannot be used. */
function failedProblem({ upstream, fault }: Operation): HttpProblem {
  const { message } = fault ?? { message: 'no reason' };
  return new HttpProblem(
    409,
    'upstream_answer_unusable',
    `the answer of ${upstream} cannot be used: ${message}`,
  );
}
