import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { WorkDone } from '../../store/ports/idempotency.ts';
import type { AnswerHead } from '../frame/answer-head.ts';
import type { Call, Services } from '../frame/operation.ts';
import { ownedProfile } from '../profiles/owned-profile.ts';
import { type GetEUICCProfileResponse, profileResponse } from '../profiles/profile.ts';
import { generatedAgain } from '../stock/generated-again.ts';
import type { GeneratedSubscription } from '../stock/subscription.ts';
import { answerRequested } from './answer-requested.ts';

/** A call of any operation about profiles. */
type CallAbout = Pick<
  Call<{ readonly iccid?: string } | undefined, unknown, unknown>,
  'account' | 'params' | 'env' | 'permissions' | 'session' | 'headers'
>;

/** Answers a request about a profile, whose work is done, with the profile as it is now; undefined: it is gone. */
export async function answerAgain(
  services: Services,
  call: CallAbout,
  reply: AnswerHead,
  { id, iccids }: Pick<WorkDone, 'id' | 'iccids'>,
): Promise<GetEUICCProfileResponse | undefined> {
  if (id !== undefined) return operationAgain(services, call, reply, id as OperationId);
  const profile = await profileOf(services, call, iccids);
  const { env, permissions, session } = call;
  return profile && profileResponse(profile, { env, permissions, session });
}

async function operationAgain(
  services: Services,
  call: CallAbout,
  reply: AnswerHead,
  id: OperationId,
): Promise<GetEUICCProfileResponse | undefined> {
  const operation = await services.store.operation(id);
  if (operation === undefined) return undefined;
  const { iccid } = operation;
  const profile = iccid === undefined ? undefined : await services.store.profile(iccid);
  if (iccid !== undefined && profile === undefined) return undefined;
  return answerRequested(services, call, reply, { operation, ...(profile && { profile }) });
}

/** The profile that the answer showed: of an order of a type, and where another one took the place of the one in the path, the other. */
async function profileOf(
  services: Services,
  { account, params }: CallAbout,
  iccids: readonly string[],
): Promise<Profile | undefined> {
  const iccid = iccids.find((one) => one !== params?.iccid) ?? iccids[0];
  return iccid === undefined ? undefined : ownedProfile(services, account, iccid);
}

type AgainWithKeys = GetEUICCProfileResponse & { readonly subscription?: GeneratedSubscription };

/** The same for an order that may have created its profile: with the keys, if they were generated. */
export async function answerOrderAgain(
  services: Services,
  call: CallAbout,
  reply: AnswerHead,
  done: WorkDone,
): Promise<AgainWithKeys | undefined> {
  const answer = await answerAgain(services, call, reply, done);
  if (answer === undefined || !done.createdProfiles) return answer;
  const { profile_type: type, iccid } = answer;
  const template = type === undefined ? undefined : await services.store.template(call.account, type);
  if (template === undefined) return undefined; // whether its keys were shown is not known any more
  if (template.masterKey !== undefined) return answer;
  const subscription = await generatedAgain(services, call.account, iccid);
  return subscription && { ...answer, subscription };
}
