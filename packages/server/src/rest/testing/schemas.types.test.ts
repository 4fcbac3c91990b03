import { test } from 'node:test';
import type * as sdk from '@esim-rsp/sdk';
import type { Static, TSchema } from '@sinclair/typebox';
import { ProfileEvent } from '../../delivery/event-message.ts';
import * as messages from '../../delivery/webhooks/messages.ts';
import * as audit from '../account/schemas-audit.ts';
import * as keys from '../account/schemas-keys.ts';
import * as events from '../events/schemas-events.ts';
import * as schemas from '../profiles/schemas.ts';
import * as lists from '../profiles/schemas-list.ts';
import * as generate from '../stock/schemas-generate.ts';
import * as imports from '../stock/schemas-import.ts';
import * as templates from '../stock/schemas-templates.ts';
import * as types from '../stock/schemas-types.ts';
import * as webhooks from '../webhooks/schemas-webhooks.ts';

/** Each can stand for the other, and neither has a member that the other lacks. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? SameMembers<A, B> : never) : never;
type SameMembers<A, B> = [KeysOf<A>] extends [KeysOf<B>]
  ? [KeysOf<B>] extends [KeysOf<A>]
    ? true
    : never
  : never;
/** Of all alternatives of a union. */
type KeysOf<T> = T extends object ? keyof T : never;

/** `true` is only of the type where shape and model are the same: otherwise this line does not compile. */
function same<Model>() {
  return <S extends TSchema>(_shape: S, _holds: Same<Static<S>, Model>): void => undefined;
}

test("the server's shapes and the SDK's models are the same types: tsc holds them equal here", () => {
  same<sdk.EUICCProfileState>()(schemas.GetEUICCProfileResponse.properties.state, true);
  same<sdk.ProfileReusePolicy>()(schemas.ProfileReusePolicy, true);
  same<sdk.GetEUICCProfileResponse>()(schemas.GetEUICCProfileResponse, true);
  same<sdk.ListEUICCProfilesQuery>()(lists.ListEUICCProfilesQuery, true);
  same<sdk.ListEUICCProfilesResponse>()(lists.ListEUICCProfilesResponse, true);
  same<sdk.ProfileParameters>()(schemas.ProfileParameters, true);
  same<sdk.ImportEUICCProfileRequest>()(schemas.ImportEUICCProfileRequest, true);
  same<sdk.BuildEUICCProfileRequest>()(schemas.BuildEUICCProfileRequest, true);
  same<sdk.CreateEUICCProfileRequest>()(schemas.CreateEUICCProfileRequest, true);
  same<sdk.OrderEUICCProfileRequest>()(schemas.OrderEUICCProfileRequest, true);
  same<sdk.ConfirmEUICCProfileRequest>()(schemas.ConfirmEUICCProfileRequest, true);
  same<sdk.CancelEUICCProfileRequest>()(schemas.CancelEUICCProfileRequest, true);
  same<sdk.UpdateEUICCProfileRequest>()(schemas.UpdateEUICCProfileRequest, true);
  same<sdk.ActivationCodeResponse>()(schemas.ActivationCodeResponse, true);
  same<sdk.ProfileEvent>()(ProfileEvent, true);
  same<sdk.HistoryQuery>()(events.HistoryQuery, true);
  same<sdk.EventsQuery>()(events.EventsQuery, true);
  same<sdk.ListEventsResponse>()(events.ListEventsResponse, true);
  same<sdk.AuditEntry>()(audit.AuditEntry, true);
  same<sdk.AuditQuery>()(audit.AuditQuery, true);
  same<sdk.ListAuditResponse>()(audit.ListAuditResponse, true);
  same<sdk.ApiKey>()(keys.ApiKey, true);
  same<sdk.NewApiKey>()(keys.NewApiKey, true);
  same<sdk.ListApiKeysResponse>()(keys.ListApiKeysResponse, true);
  same<sdk.CreateApiKeyRequest>()(keys.CreateApiKeyRequest, true);
  same<sdk.RotateApiKeyRequest>()(keys.RotateApiKeyRequest, true);
  same<sdk.Webhook>()(webhooks.Webhook, true);
  same<sdk.WebhookWithSecret>()(webhooks.WebhookWithSecret, true);
  same<sdk.CreateWebhookRequest>()(webhooks.CreateWebhookRequest, true);
  same<sdk.UpdateWebhookRequest>()(webhooks.UpdateWebhookRequest, true);
  same<sdk.RotateWebhookSecretRequest>()(webhooks.RotateWebhookSecretRequest, true);
  same<sdk.ListWebhooksResponse>()(webhooks.ListWebhooksResponse, true);
  same<sdk.WebhookDelivery>()(webhooks.WebhookDelivery, true);
  same<sdk.DeliveriesQuery>()(webhooks.DeliveriesQuery, true);
  same<sdk.ProfileWebhookMessage>()(messages.ProfileWebhookMessage, true);
  same<sdk.ProfileWebhookMessage['data']>()(messages.ProfileWebhookMessage.properties.data, true);
  same<sdk.TestWebhookMessage>()(messages.TestWebhookMessage, true);
  same<sdk.ListWebhookDeliveriesResponse>()(webhooks.ListWebhookDeliveriesResponse, true);
  same<sdk.ImportEUICCProfilesQuery>()(imports.ImportEUICCProfilesQuery, true);
  same<sdk.ImportReport>()(imports.ImportReport, true);
  same<sdk.GenerateEUICCProfilesRequest>()(generate.GenerateEUICCProfilesRequest, true);
  same<sdk.GenerateEUICCProfilesResponse>()(generate.GenerateEUICCProfilesResponse, true);
  same<sdk.GeneratedSubscription>()(generate.GeneratedSubscription, true);
  same<sdk.ListProfileTypesResponse>()(types.ListProfileTypesResponse, true);
  same<sdk.OrderEUICCProfileOfTypeRequest>()(types.OrderEUICCProfileOfTypeRequest, true);
  same<sdk.OrderEUICCProfileOfTypeResponse>()(templates.OrderEUICCProfileOfTypeResponse, true);
  same<sdk.CreateProfileTemplateRequest>()(templates.CreateProfileTemplateRequest, true);
  same<sdk.ProfileTemplate>()(templates.ProfileTemplate, true);
  same<sdk.ListProfileTemplatesResponse>()(templates.ListProfileTemplatesResponse, true);
  same<sdk.GenerateFromProfileTemplateRequest>()(templates.GenerateFromProfileTemplateRequest, true);
  same<sdk.GenerateFromProfileTemplateResponse>()(templates.GenerateFromProfileTemplateResponse, true);
  same<sdk.StatusResponse>()(schemas.StatusResponse, true);
  same<sdk.ApiProblem>()(schemas.Problem, true);
});

test('nested members are held equal too', () => {
  const { properties } = schemas.OrderEUICCProfileRequest;
  same<sdk.ProfileReusePolicyRequest>()(properties.profile_reuse_policy, true);
  const { state_reason, install_links, profile_class } = schemas.GetEUICCProfileResponse.properties;
  same<sdk.StateReason>()(state_reason, true);
  same<sdk.InstallLinks>()(install_links, true);
  same<sdk.ProfileClass>()(profile_class, true);
  same<sdk.ReuseType>()(schemas.ProfileReusePolicy.properties.reuse_type, true);
  same<sdk.ProblemField>()(schemas.Problem.properties.errors.items, true);
});

type Looser = Omit<sdk.ProfileReusePolicy, 'max_count'> & { max_count?: number };
type Wider = sdk.ProfileReusePolicy & { more?: string };
type Narrower = Omit<sdk.GetEUICCProfileResponse, 'eid'>;

test('a difference would not compile', () => {
  const { ProfileReusePolicy, GetEUICCProfileResponse } = schemas;
  // @ts-expect-error: an optional member is not the same as a mandatory one
  same<Looser>()(ProfileReusePolicy, true);
  // @ts-expect-error: nor is a member more
  same<Wider>()(ProfileReusePolicy, true);
  // @ts-expect-error: nor one less
  same<Narrower>()(GetEUICCProfileResponse, true);
});
