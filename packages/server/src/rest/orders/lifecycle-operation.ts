import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Store } from '@esim-rsp/smdp/ports';
import { type ProtocolFunction, run } from '@esim-rsp/smdp/run';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { type Operation, operation, type Services } from '../frame/operation.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';

type Step<F> = {
  readonly operationId: string;
  /** What the operation is called in the path. */
  readonly name: string;
  readonly summary: string;
  /** The state of the profile after it. */
  readonly state: string;
  readonly step: ProtocolFunction<{ readonly account: string; readonly iccid: Iccid }, F, Profile>;
};

/** An operation that moves a profile to another state and needs its ICCID only. */
export function lifecycleOperation<F>({ operationId, name, summary, state, step }: Step<F>): Operation {
  return operation({
    operationId,
    method: 'POST',
    url: `/api/v1/esim/euicc-profiles/:iccid/${name}`,
    summary,
    params: IccidParams,
    permissions: ['order'],
    answers: {
      200: { description: `The profile, ${state}`, schema: GetEUICCProfileResponse },
      400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
      404: { description: 'eUICC not found', code: 'profile_not_found' },
      409: {
        description: 'The state of the profile does not allow this; the message says what it allows',
        code: 'invalid_transition',
      },
      503: { description: 'Too many calls change this profile at the same time' },
    },
    respond: async ({ store }: Services<Store>, { env, account, permissions, session, params }) => {
      const request = { account, iccid: parseIccid(params.iccid) };
      return profileResponse(await run(step, request, store, env), { env, permissions, session });
    },
    answerAgain,
  });
}
