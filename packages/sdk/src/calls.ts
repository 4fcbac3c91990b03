// Generated from the operations of the REST API: change those, and run `npm run generate`.
import type { ApiResponse } from './errors.ts';
import type { RequestOptions } from './http/request.ts';
import type {
  ApiKey,
  AuditEntry,
  AuditQuery,
  CancelEUICCProfileRequest,
  ConfirmEUICCProfileRequest,
  CreateApiKeyRequest,
  CreateEUICCProfileRequest,
  CreateProfileTemplateRequest,
  CreateWebhookRequest,
  DeleteEUICCProfileQuery,
  DeliveriesQuery,
  DownloadAttempt,
  DownloadAttemptDetails,
  DownloadAttemptsQuery,
  EUICCProfileSecretsResponse,
  EventsQuery,
  GenerateEUICCProfilesRequest,
  GenerateEUICCProfilesResponse,
  GenerateFromProfileTemplateRequest,
  GenerateFromProfileTemplateResponse,
  GetEUICCProfileResponse,
  HistoryQuery,
  ListApiKeysResponse,
  ListAuditResponse,
  ListDownloadAttemptsResponse,
  ListEUICCProfilesQuery,
  ListEUICCProfilesResponse,
  ListEventsResponse,
  ListOperatorDeliveriesResponse,
  ListProfileTemplatesResponse,
  ListProfileTypesResponse,
  ListRefusedCallsResponse,
  ListWebhookDeliveriesResponse,
  ListWebhooksResponse,
  NewApiKey,
  OperatorDeliveriesQuery,
  OperatorDelivery,
  OrderEUICCProfileOfTypeRequest,
  OrderEUICCProfileOfTypeResponse,
  OrderEUICCProfileRequest,
  ProfileEvent,
  ProfileTemplate,
  ProfileType,
  ProfileTypesQuery,
  ReadEUICCProfileSecretsRequest,
  RefusedCall,
  RefusedCallsQuery,
  ReplaceEUICCProfileRequest,
  ReReleaseEUICCProfileRequest,
  RotateApiKeyRequest,
  RotateWebhookSecretRequest,
  StatusResponse,
  UpdateEUICCProfileRequest,
  UpdateWebhookRequest,
  Webhook,
  WebhookDelivery,
  WebhookWithSecret,
} from './models.ts';
import type { ListPromise } from './paging.ts';

/**
 * Method and path of each call, after the base URL. The arguments are the parameters in braces, then the request if the route
 * ends with ! (required) or ? (optional), then the options.
 */
export const routes = {
  getEUICCProfile: 'GET /euicc-profiles/{iccid}',
  getEUICCProfileHistory: 'GET /euicc-profiles/{iccid}/history?',
  listEUICCProfiles: 'GET /euicc-profiles?',
  createEUICCProfile: 'POST /euicc-profiles?',
  updateEUICCProfile: 'PATCH /euicc-profiles/{iccid}!',
  generateEUICCProfiles: 'POST /euicc-profiles/generate!',
  listProfileTypes: 'GET /profile-types?',
  listProfileTemplates: 'GET /profile-templates',
  createProfileTemplate: 'POST /profile-templates!',
  getProfileTemplate: 'GET /profile-templates/{profileType}',
  deleteProfileTemplate: 'DELETE /profile-templates/{profileType}',
  generateFromProfileTemplate: 'POST /profile-templates/{profileType}/generate!',
  orderEUICCProfileOfType: 'POST /euicc-profiles/order!',
  orderEUICCProfile: 'POST /euicc-profiles/{iccid}/order?',
  confirmEUICCProfile: 'POST /euicc-profiles/{iccid}/confirm?',
  releaseEUICCProfile: 'POST /euicc-profiles/{iccid}/release',
  cancelEUICCProfile: 'POST /euicc-profiles/{iccid}/cancel?',
  reReleaseEUICCProfile: 'POST /euicc-profiles/{iccid}/re-release?',
  retireEUICCProfile: 'POST /euicc-profiles/{iccid}/retire',
  resetEUICCProfile: 'POST /euicc-profiles/{iccid}/reset',
  replaceEUICCProfile: 'POST /euicc-profiles/{iccid}/replace?',
  deleteEUICCProfile: 'DELETE /euicc-profiles/{iccid}?',
  readEUICCProfileSecrets: 'POST /euicc-profiles/{iccid}/secrets!',
  listEvents: 'GET /events?',
  listDownloadAttempts: 'GET /download-attempts?',
  getDownloadAttempt: 'GET /download-attempts/{transactionId}',
  listRefusedCalls: 'GET /refused-calls?',
  listAudit: 'GET /audit?',
  listApiKeys: 'GET /keys',
  createApiKey: 'POST /keys?',
  rotateApiKey: 'POST /keys/{id}/rotate?',
  deleteApiKey: 'DELETE /keys/{id}',
  listWebhooks: 'GET /webhooks',
  createWebhook: 'POST /webhooks!',
  getWebhook: 'GET /webhooks/{webhookId}',
  updateWebhook: 'PATCH /webhooks/{webhookId}!',
  deleteWebhook: 'DELETE /webhooks/{webhookId}',
  rotateWebhookSecret: 'POST /webhooks/{webhookId}/rotate-secret?',
  testWebhook: 'POST /webhooks/{webhookId}/test',
  listWebhookDeliveries: 'GET /webhooks/{webhookId}/deliveries?',
  replayWebhookDelivery: 'POST /webhooks/{webhookId}/deliveries/{deliveryId}/replay',
  listOperatorDeliveries: 'GET /operators/{operator}/deliveries?',
  replayOperatorDelivery: 'POST /operators/{operator}/deliveries/{deliveryId}/replay',
  getStatus: 'GET /../status',
} as const;

/** The calls of the REST API whose answers are JSON. */
export interface Calls {
  /**
   * Get one eUICC profile.
   * @returns The profile.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404).
   */
  getEUICCProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * List the events of one eUICC profile, also after it was deleted.
   * @returns A page of events.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404).
   */
  getEUICCProfileHistory(
    iccid: string,
    request?: HistoryQuery,
    options?: RequestOptions,
  ): ListPromise<ListEventsResponse, ProfileEvent>;

  /**
   * List the account's eUICC profiles: by cursor, which takes the same time for every page, or by offset, with
   * a total.
   * @returns A page of profiles.
   */
  listEUICCProfiles(
    request?: ListEUICCProfilesQuery,
    options?: RequestOptions,
  ): ListPromise<ListEUICCProfilesResponse, GetEUICCProfileResponse>;

  /**
   * Create a profile from an unprotected profile package, or from parameters.
   * @returns The profile, AVAILABLE.
   * @throws `ApiError`: profile_not_available (409).
   */
  createEUICCProfile(
    request?: CreateEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Update the order of a profile, or what devices see of it, before it is downloaded; its reuse policy at any
   * time.
   * @returns The profile.
   * @throws `ApiError`: profile_not_found (404), invalid_transition (409).
   */
  updateEUICCProfile(
    iccid: string,
    request: UpdateEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Generate subscriptions from ranges of numbers, and create their profiles. The answer has their keys, which
   * are shown once.
   * @returns The subscriptions, with their secrets.
   * @throws `ApiError`: profile_not_available (409).
   */
  generateEUICCProfiles(
    request: GenerateEUICCProfilesRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GenerateEUICCProfilesResponse>>;

  /**
   * List the types of the account's profiles, with how many are in which state.
   * @returns A page of types.
   */
  listProfileTypes(
    request?: ProfileTypesQuery,
    options?: RequestOptions,
  ): ListPromise<ListProfileTypesResponse, ProfileType>;

  /**
   * List the templates of the account, by profile type.
   * @returns All templates.
   */
  listProfileTemplates(options?: RequestOptions): ListPromise<ListProfileTemplatesResponse, ProfileTemplate>;

  /**
   * Create a template, from which orders of a type create profiles when none is AVAILABLE.
   * @returns The template.
   * @throws `ApiError`: invalid_value (400), template_exists (409).
   */
  createProfileTemplate(
    request: CreateProfileTemplateRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<ProfileTemplate>>;

  /**
   * Get the template of a profile type.
   * @returns The template.
   * @throws `ApiError`: template_not_found (404).
   */
  getProfileTemplate(profileType: string, options?: RequestOptions): Promise<ApiResponse<ProfileTemplate>>;

  /**
   * Delete a template; its profiles stay.
   * @returns The template is deleted.
   * @throws `ApiError`: template_not_found (404).
   */
  deleteProfileTemplate(profileType: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Generate subscriptions from the free numbers of a template, and create their profiles. Generated keys are
   * shown once.
   * @returns The new profiles, with the generated keys, if any.
   * @throws `ApiError`: template_not_found (404), out_of_stock (409).
   */
  generateFromProfileTemplate(
    profileType: string,
    request: GenerateFromProfileTemplateRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GenerateFromProfileTemplateResponse>>;

  /**
   * Order a profile of a type: the oldest in stock, or a new one from the template of the type, whose generated
   * keys are shown once.
   * @returns The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false).
   * @throws `ApiError`: profile_type_not_found (404), out_of_stock (409).
   */
  orderEUICCProfileOfType(
    request: OrderEUICCProfileOfTypeRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<OrderEUICCProfileOfTypeResponse>>;

  /**
   * Order an AVAILABLE profile and release it for download.
   * @returns The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false).
   * @throws `ApiError`: profile_not_found (404), profile_not_available (409).
   */
  orderEUICCProfile(
    iccid: string,
    request?: OrderEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Confirm the order of a reserved profile and release it.
   * @returns The profile, RELEASED (or CONFIRMED with release: false).
   * @throws `ApiError`: profile_not_found (404), profile_not_available (409).
   */
  confirmEUICCProfile(
    iccid: string,
    request?: ConfirmEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Release a CONFIRMED profile for download.
   * @returns The profile, RELEASED.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404), invalid_transition (409).
   */
  releaseEUICCProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Cancel an order that no phone has downloaded; downloads in progress end.
   * @returns The profile, AVAILABLE or UNAVAILABLE.
   * @throws `ApiError`: profile_not_found (404), profile_not_available (409).
   */
  cancelEUICCProfile(
    iccid: string,
    request?: CancelEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Release a profile again: after a failed or lost download, or as its reuse policy allows.
   * @returns The profile, RELEASED, or DELETED until its cool-down is over.
   * @throws `ApiError`: profile_not_found (404), invalid_transition (409).
   */
  reReleaseEUICCProfile(
    iccid: string,
    request?: ReReleaseEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Take a profile out of use.
   * @returns The profile, UNAVAILABLE.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404), invalid_transition (409).
   */
  retireEUICCProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Delete the order of a profile and make it AVAILABLE again.
   * @returns The profile, AVAILABLE.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404), invalid_transition (409).
   */
  resetEUICCProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<GetEUICCProfileResponse>>;

  /**
   * Replace an order: by a new activation code of the same profile, or by another profile of its type while
   * this one is retired.
   * @returns The profile of the new order, RELEASED.
   * @throws `ApiError`: profile_not_found (404), invalid_transition (409).
   */
  replaceEUICCProfile(
    iccid: string,
    request?: ReplaceEUICCProfileRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<OrderEUICCProfileOfTypeResponse>>;

  /**
   * Delete a profile from the server with its keys, its order and its sessions; its ICCID is free again.
   * @returns The profile is deleted; an event profile.purged says so.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404), invalid_transition (409).
   */
  deleteEUICCProfile(
    iccid: string,
    request?: DeleteEUICCProfileQuery,
    options?: RequestOptions,
  ): Promise<ApiResponse<undefined>>;

  /**
   * Read the PIN, PUK, ADM1 or OTA keys of a profile; every call is in the audit log.
   * @returns The secrets.
   * @throws `ApiError`: profile_not_found (404).
   */
  readEUICCProfileSecrets(
    iccid: string,
    request: ReadEUICCProfileSecretsRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<EUICCProfileSecretsResponse>>;

  /**
   * List the events of the account's profiles; with Accept: text/event-stream, follow them from Last-Event-ID
   * on.
   * @returns A page of events, or server-sent events with the same objects.
   * @throws `ApiError`: too_many_streams (503).
   */
  listEvents(request?: EventsQuery, options?: RequestOptions): ListPromise<ListEventsResponse, ProfileEvent>;

  /**
   * List the downloads of the account's profiles and how each went, the newest first.
   * @returns A page of attempts; the server keeps them for some time after they have expired.
   */
  listDownloadAttempts(
    request?: DownloadAttemptsQuery,
    options?: RequestOptions,
  ): ListPromise<ListDownloadAttemptsResponse, DownloadAttempt>;

  /**
   * Show a download of one of the account's profiles with every check of every call. With the permission
   * support also one that no profile was found for, or whose eUICC did not prove itself.
   * @returns The download, or the attempt of one.
   * @throws `ApiError`: download_attempt_not_found (404).
   */
  getDownloadAttempt(
    transactionId: string,
    options?: RequestOptions,
  ): Promise<ApiResponse<DownloadAttemptDetails>>;

  /**
   * List calls of phones that were refused before their eUICC had proved itself, such as phones that use
   * another PKI, or that asked for a profile that does not exist.
   * @returns The calls; the server keeps at most 1,000.
   */
  listRefusedCalls(
    request?: RefusedCallsQuery,
    options?: RequestOptions,
  ): ListPromise<ListRefusedCallsResponse, RefusedCall>;

  /**
   * List who did what in the account, the newest first: changes, reading of secrets, and refused calls.
   * @returns A page of entries.
   */
  listAudit(request?: AuditQuery, options?: RequestOptions): ListPromise<ListAuditResponse, AuditEntry>;

  /**
   * List the account's API keys, the oldest first, without the keys themselves.
   * @returns The keys.
   */
  listApiKeys(options?: RequestOptions): ListPromise<ListApiKeysResponse, ApiKey>;

  /**
   * Create an API key; it is shown once.
   * @returns The key.
   * @throws `ApiError`: too_many_keys (409).
   */
  createApiKey(request?: CreateApiKeyRequest, options?: RequestOptions): Promise<ApiResponse<NewApiKey>>;

  /**
   * Replace an API key by a new one; the old one works for some time.
   * @returns The new key, with the same name and permissions; it is shown once.
   * @throws `ApiError`: key_not_found (404), too_many_keys (409).
   */
  rotateApiKey(
    id: string,
    request?: RotateApiKeyRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<NewApiKey>>;

  /**
   * Delete an API key: servers accept it for two more seconds at most. It stays in the list, with its end.
   * @returns The key, with its end.
   * @throws `ApiError`: key_not_found (404), own_key (409).
   */
  deleteApiKey(id: string, options?: RequestOptions): Promise<ApiResponse<ApiKey>>;

  /**
   * List the webhooks of the account.
   * @returns The webhooks, the oldest first.
   */
  listWebhooks(options?: RequestOptions): ListPromise<ListWebhooksResponse, Webhook>;

  /**
   * Create a webhook, which receives events in messages that are signed by Standard Webhooks 1.0.
   * @returns The webhook, and its secret, which is shown once.
   * @throws `ApiError`: invalid_value (400), too_many_webhooks (409).
   */
  createWebhook(
    request: CreateWebhookRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<WebhookWithSecret>>;

  /**
   * Get one webhook, and whether it works.
   * @returns The webhook.
   * @throws `ApiError`: webhook_not_found (404).
   */
  getWebhook(webhookId: string, options?: RequestOptions): Promise<ApiResponse<Webhook>>;

  /**
   * Update a webhook; "disabled": false enables it.
   * @returns The webhook.
   * @throws `ApiError`: invalid_value (400), webhook_not_found (404).
   */
  updateWebhook(
    webhookId: string,
    request: UpdateWebhookRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<Webhook>>;

  /**
   * Delete a webhook and the log of its deliveries.
   * @returns The webhook is deleted.
   * @throws `ApiError`: webhook_not_found (404).
   */
  deleteWebhook(webhookId: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Replace the secret of a webhook; for 24 hours messages are signed with both.
   * @returns The webhook, and its new secret, which is shown once.
   * @throws `ApiError`: invalid_value (400), webhook_not_found (404).
   */
  rotateWebhookSecret(
    webhookId: string,
    request?: RotateWebhookSecretRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<WebhookWithSecret>>;

  /**
   * Send a webhook.test message; its delivery shows whether it arrived.
   * @returns The delivery, which the server attempts at once.
   * @throws `ApiError`: webhook_not_found (404), webhook_disabled (409).
   */
  testWebhook(webhookId: string, options?: RequestOptions): Promise<ApiResponse<WebhookDelivery>>;

  /**
   * List the messages to a webhook, the newest first.
   * @returns A page of deliveries.
   * @throws `ApiError`: webhook_not_found (404).
   */
  listWebhookDeliveries(
    webhookId: string,
    request?: DeliveriesQuery,
    options?: RequestOptions,
  ): ListPromise<ListWebhookDeliveriesResponse, WebhookDelivery>;

  /**
   * Send a message again, with the same webhook-id.
   * @returns The new delivery, which the server attempts at once.
   * @throws `ApiError`: delivery_not_found (404), delivery_pending (409).
   */
  replayWebhookDelivery(
    webhookId: string,
    deliveryId: number,
    options?: RequestOptions,
  ): Promise<ApiResponse<WebhookDelivery>>;

  /**
   * List the download notifications to an operator over ES2+, the newest first.
   * @returns A page of deliveries.
   * @throws `ApiError`: operator_not_found (404).
   */
  listOperatorDeliveries(
    operator: string,
    request?: OperatorDeliveriesQuery,
    options?: RequestOptions,
  ): ListPromise<ListOperatorDeliveriesResponse, OperatorDelivery>;

  /**
   * Send a download notification to an operator again, as the same call.
   * @returns The new delivery, which the server attempts at once.
   * @throws `ApiError`: delivery_not_found (404), delivery_pending (409).
   */
  replayOperatorDelivery(
    operator: string,
    deliveryId: number,
    options?: RequestOptions,
  ): Promise<ApiResponse<OperatorDelivery>>;

  /**
   * Get the name and version of the server.
   * @returns The server.
   */
  getStatus(options?: RequestOptions): Promise<ApiResponse<StatusResponse>>;
}
