// Generated from the operations of the REST API: change those, and run `npm run generate`.
import type { ApiResponse } from './errors.ts';
import type { RequestOptions } from './http/request.ts';
import type {
  Account,
  ApiKey,
  AuditEntry,
  AuditQuery,
  Brand,
  CancelEUICCProfileRequest,
  ChangePasswordRequest,
  ConfirmEUICCProfileRequest,
  CoreDeliveriesQuery,
  CoreDelivery,
  CoreNetwork,
  CoreNetworkWithSecret,
  CreateAccountRequest,
  CreateApiKeyRequest,
  CreateCoreNetworkRequest,
  CreateEUICCProfileRequest,
  CreateInstallLinkRequest,
  CreateOperatorRequest,
  CreatePasskeyRequest,
  CreatePersonRequest,
  CreateProfileTemplateRequest,
  CreateSessionRequest,
  CreateUpstreamRequest,
  CreateWebhookRequest,
  DeleteEUICCProfileQuery,
  DeliveriesQuery,
  DownloadAttempt,
  DownloadAttemptDetails,
  DownloadAttemptsQuery,
  EraseAuditEntryRequest,
  EUICCProfileSecretsResponse,
  EventsQuery,
  GenerateEUICCProfilesRequest,
  GenerateEUICCProfilesResponse,
  GenerateFromProfileTemplateRequest,
  GenerateFromProfileTemplateResponse,
  GetEUICCProfileResponse,
  HistoryQuery,
  InstallLink,
  InstallLinkWithUrl,
  InstallPagePreview,
  InvitedPerson,
  LabAnswer,
  LabCall,
  LabDownload,
  LabDownloadRequest,
  LabEvent,
  LabEvents,
  LabEventsQuery,
  LabFault,
  LabFaults,
  LabPhone,
  ListAccountsResponse,
  ListApiKeysResponse,
  ListAuditResponse,
  ListCoreDeliveriesResponse,
  ListCoreNetworksResponse,
  ListDownloadAttemptsResponse,
  ListEUICCProfilesQuery,
  ListEUICCProfilesResponse,
  ListEventsResponse,
  ListMailDeliveriesResponse,
  ListMailRecipientsResponse,
  ListMailTemplatesResponse,
  ListOperationsQuery,
  ListOperationsResponse,
  ListOperatorDeliveriesResponse,
  ListOperatorsResponse,
  ListPasskeysResponse,
  ListPeopleResponse,
  ListProfileTemplatesResponse,
  ListProfileTypesResponse,
  ListRefusedCallsResponse,
  ListSessionsResponse,
  ListUpstreamsResponse,
  ListUpstreamTypesResponse,
  ListWebhookDeliveriesResponse,
  ListWebhooksResponse,
  MailDeliveriesQuery,
  MailDelivery,
  MailInvitationRequest,
  MailPreview,
  MailRecipient,
  MailTemplate,
  NewAccount,
  NewApiKey,
  NewPasskeyChallenge,
  Operator,
  OperatorDeliveriesQuery,
  OperatorDelivery,
  OrderEUICCProfileOfTypeRequest,
  OrderEUICCProfileOfTypeResponse,
  OrderEUICCProfileRequest,
  OverviewQuery,
  OverviewResponse,
  OwnSession,
  Passkey,
  PasskeyChallenge,
  Person,
  PreviewInstallPageRequest,
  PreviewMailTemplateRequest,
  ProfileEvent,
  ProfileTemplate,
  ProfileType,
  ProfileTypesQuery,
  PutMailRecipientRequest,
  PutMailTemplateRequest,
  ReadActivationCodeResponse,
  ReadEUICCProfileSecretsRequest,
  RefusedCall,
  RefusedCallsQuery,
  ReplaceEUICCProfileRequest,
  ReReleaseEUICCProfileRequest,
  RotateApiKeyRequest,
  RotateWebhookSecretRequest,
  SearchQuery,
  SearchResponse,
  SendTestMailRequest,
  SendToCoreNetworkRequest,
  Session,
  SettleOperationRequest,
  SetUpstreamTypeRequest,
  SignInOptions,
  StatusResponse,
  UpdateBrandRequest,
  UpdateCoreNetworkRequest,
  UpdateEUICCProfileRequest,
  UpdateOperatorRequest,
  UpdatePersonRequest,
  UpdateProfileTypeRequest,
  UpdateProfileTypeResponse,
  UpdateUpstreamRequest,
  UpdateWebhookRequest,
  Upstream,
  UpstreamOperation,
  UpstreamTestResult,
  UpstreamType,
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
  createInstallLink: 'POST /euicc-profiles/{iccid}/install-link?',
  getInstallLink: 'GET /euicc-profiles/{iccid}/install-link',
  deleteInstallLink: 'DELETE /euicc-profiles/{iccid}/install-link',
  getBrand: 'GET /brand',
  updateBrand: 'PATCH /brand!',
  previewInstallPage: 'POST /brand/preview?',
  getEUICCProfileHistory: 'GET /euicc-profiles/{iccid}/history?',
  listEUICCProfiles: 'GET /euicc-profiles?',
  search: 'GET /search!',
  createEUICCProfile: 'POST /euicc-profiles?',
  updateEUICCProfile: 'PATCH /euicc-profiles/{iccid}!',
  generateEUICCProfiles: 'POST /euicc-profiles/generate!',
  listProfileTypes: 'GET /profile-types?',
  updateProfileType: 'PATCH /profile-types/{profileType}!',
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
  readActivationCode: 'POST /euicc-profiles/{iccid}/activation-code',
  listEvents: 'GET /events?',
  listDownloadAttempts: 'GET /download-attempts?',
  getDownloadAttempt: 'GET /download-attempts/{transactionId}',
  listRefusedCalls: 'GET /refused-calls?',
  listAudit: 'GET /audit?',
  eraseAuditEntry: 'POST /audit/{entryId}/erase!',
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
  listOperations: 'GET /operations?',
  getOperation: 'GET /operations/{operation}',
  retryOperation: 'POST /operations/{operation}/retry',
  settleOperation: 'POST /operations/{operation}/settle!',
  listUpstreams: 'GET /upstreams',
  createUpstream: 'POST /upstreams!',
  getUpstream: 'GET /upstreams/{upstream}',
  updateUpstream: 'PATCH /upstreams/{upstream}!',
  deleteUpstream: 'DELETE /upstreams/{upstream}',
  testUpstream: 'POST /upstreams/{upstream}/test',
  listUpstreamTypes: 'GET /upstreams/{upstream}/types',
  setUpstreamType: 'POST /upstreams/{upstream}/types!',
  deleteUpstreamType: 'DELETE /upstreams/{upstream}/types/{profileType}',
  listCoreNetworks: 'GET /core-networks',
  createCoreNetwork: 'POST /core-networks!',
  getCoreNetwork: 'GET /core-networks/{coreNetwork}',
  updateCoreNetwork: 'PATCH /core-networks/{coreNetwork}!',
  deleteCoreNetwork: 'DELETE /core-networks/{coreNetwork}',
  listCoreDeliveries: 'GET /core-networks/{coreNetwork}/deliveries?',
  sendToCoreNetwork: 'POST /core-networks/{coreNetwork}/deliveries!',
  replayCoreDelivery: 'POST /core-networks/{coreNetwork}/deliveries/{coreDeliveryId}/replay',
  listOperators: 'GET /operators',
  createOperator: 'POST /operators!',
  updateOperator: 'PATCH /operators/{operator}!',
  deleteOperator: 'DELETE /operators/{operator}',
  listOperatorDeliveries: 'GET /operators/{operator}/deliveries?',
  replayOperatorDelivery: 'POST /operators/{operator}/deliveries/{deliveryId}/replay',
  createSession: 'POST /session?',
  createSignInChallenge: 'POST /session/challenge',
  getSignInOptions: 'GET /session/options',
  getSession: 'GET /session',
  deleteSession: 'DELETE /session',
  listMailTemplates: 'GET /mail-templates',
  getMailTemplate: 'GET /mail-templates/{mailKind}/{language}',
  putMailTemplate: 'PUT /mail-templates/{mailKind}/{language}!',
  deleteMailTemplate: 'DELETE /mail-templates/{mailKind}/{language}',
  previewMailTemplate: 'POST /mail-templates/{mailKind}/{language}/preview?',
  listMailDeliveries: 'GET /mail-deliveries?',
  sendTestMail: 'POST /mail-deliveries/test!',
  replayMailDelivery: 'POST /mail-deliveries/{mailDeliveryId}/replay',
  listSessions: 'GET /sessions',
  deleteSessions: 'DELETE /sessions',
  deleteOwnSession: 'DELETE /sessions/{sessionId}',
  changePassword: 'POST /session/password!',
  listPasskeys: 'GET /passkeys',
  createPasskeyChallenge: 'POST /passkeys/challenge',
  createPasskey: 'POST /passkeys!',
  deletePasskey: 'DELETE /passkeys/{passkeyId}',
  listPeople: 'GET /people',
  createPerson: 'POST /people!',
  updatePerson: 'PATCH /people/{personId}!',
  deletePerson: 'DELETE /people/{personId}',
  invitePerson: 'POST /people/{personId}/invitation',
  mailInvitation: 'POST /people/{personId}/invitation/mail?',
  deletePersonSessions: 'DELETE /people/{personId}/sessions',
  listPersonPasskeys: 'GET /people/{personId}/passkeys',
  deletePersonPasskey: 'DELETE /people/{personId}/passkeys/{passkeyId}',
  listMailRecipients: 'GET /mail-recipients',
  putMailRecipient: 'PUT /mail-recipients/{address}?',
  deleteMailRecipient: 'DELETE /mail-recipients/{address}',
  getStatus: 'GET /../status',
  getOverview: 'GET /overview?',
  listAccounts: 'GET /accounts',
  createAccount: 'POST /accounts!',
  getLabPhone: 'GET /lab/phone',
  downloadToLabPhone: 'POST /lab/phone/downloads?',
  answerLabQuestion: 'POST /lab/phone/downloads/{downloadId}/answer!',
  enableLabProfile: 'POST /lab/phone/profiles/{iccid}/enable',
  disableLabProfile: 'POST /lab/phone/profiles/{iccid}/disable',
  deleteLabProfile: 'DELETE /lab/phone/profiles/{iccid}',
  sendLabNotifications: 'POST /lab/phone/notifications',
  listLabEvents: 'GET /lab/phone/events?',
  getLabCall: 'GET /lab/phone/calls/{callId}',
  listLabFaults: 'GET /lab/faults',
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
   * Create a link to a page on which the customer installs the profile; an earlier link of the order is
   * revoked.
   * @returns The link, and its URL, which is shown once.
   * @throws `ApiError`: invalid_value (400), profile_not_found (404), not_ordered (409).
   */
  createInstallLink(
    iccid: string,
    request?: CreateInstallLinkRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<InstallLinkWithUrl>>;

  /**
   * Get state, expiry and views of the install link of a profile, without its URL.
   * @returns The link.
   * @throws `ApiError`: invalid_iccid (400), install_link_not_found (404).
   */
  getInstallLink(iccid: string, options?: RequestOptions): Promise<ApiResponse<InstallLink>>;

  /**
   * Revoke the install links of a profile: their pages show nothing any more.
   * @returns The links are revoked.
   * @throws `ApiError`: invalid_iccid (400), install_link_not_found (404).
   */
  deleteInstallLink(iccid: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Get how the install pages of the account look.
   * @returns The brand.
   */
  getBrand(options?: RequestOptions): Promise<ApiResponse<Brand>>;

  /**
   * Set name, colour, logo, contacts and language of the install pages of the account.
   * @returns The brand.
   * @throws `ApiError`: invalid_value (400).
   */
  updateBrand(request: UpdateBrandRequest, options?: RequestOptions): Promise<ApiResponse<Brand>>;

  /**
   * Show an install page of the account, with the code of an order that does not exist.
   * @returns The page.
   * @throws `ApiError`: invalid_value (400).
   */
  previewInstallPage(
    request?: PreviewInstallPageRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<InstallPagePreview>>;

  /**
   * List the events of one eUICC profile, also after it was deleted.
   * @returns A page of events.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404), entries_deleted (410).
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
   * Find profiles by any of their numbers, or by a code that a customer reads out.
   * @returns What was found.
   */
  search(request: SearchQuery, options?: RequestOptions): Promise<ApiResponse<SearchResponse>>;

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
   * Set the stock of a type at which an alert is raised: by mail and as the webhook event stock.low.
   * @returns The settings of the type.
   * @throws `ApiError`: too_many_limits (409).
   */
  updateProfileType(
    profileType: string,
    request: UpdateProfileTypeRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<UpdateProfileTypeResponse>>;

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
   * Order a profile of a type: the oldest in stock, one that the upstream of the type chooses, or a new one
   * from the template of the type, whose generated keys are shown once.
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
   * @throws `ApiError`: profile_not_found (404), profile_at_upstream (409).
   */
  readEUICCProfileSecrets(
    iccid: string,
    request: ReadEUICCProfileSecretsRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<EUICCProfileSecretsResponse>>;

  /**
   * Read the activation code of one profile, for a customer; every call is in the audit log.
   * @returns The activation code.
   * @throws `ApiError`: invalid_iccid (400), profile_not_found (404), no_activation_code (409).
   */
  readActivationCode(
    iccid: string,
    options?: RequestOptions,
  ): Promise<ApiResponse<ReadActivationCodeResponse>>;

  /**
   * List the events of the account's profiles; with Accept: text/event-stream, follow them from Last-Event-ID
   * on.
   * @returns A page of events, or server-sent events with the same objects.
   * @throws `ApiError`: entries_deleted (410), too_many_streams (503).
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
   * @throws `ApiError`: entries_deleted (410).
   */
  listAudit(request?: AuditQuery, options?: RequestOptions): ListPromise<ListAuditResponse, AuditEntry>;

  /**
   * Erase the content of an audit entry for good: who did it, from where, and to what. Its time, operation and
   * status stay, and another entry says that it was erased, and why.
   * @returns What is left of the entry.
   * @throws `ApiError`: audit_entry_not_found (404), audit_entry_needed (409).
   */
  eraseAuditEntry(
    entryId: number,
    request: EraseAuditEntryRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<AuditEntry>>;

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
   * List what was requested from upstreams: with state=unknown, what may have been done there.
   * @returns The operations.
   */
  listOperations(
    request?: ListOperationsQuery,
    options?: RequestOptions,
  ): ListPromise<ListOperationsResponse, UpstreamOperation>;

  /**
   * Get something that was requested from an upstream, and how it ended.
   * @returns The operation.
   * @throws `ApiError`: operation_not_found (404).
   */
  getOperation(operation: string, options?: RequestOptions): Promise<ApiResponse<UpstreamOperation>>;

  /**
   * Try an operation again now that waits for its next attempt, for example when its upstream is back.
   * @returns The operation: its next attempt is due.
   * @throws `ApiError`: operation_not_found (404), invalid_transition (409).
   */
  retryOperation(operation: string, options?: RequestOptions): Promise<ApiResponse<UpstreamOperation>>;

  /**
   * Settle an operation whose outcome is not known, after somebody has asked the upstream.
   * @returns The operation: it has ended, or its next call follows.
   * @throws `ApiError`: operation_not_found (404), invalid_transition (409).
   */
  settleOperation(
    operation: string,
    request: SettleOperationRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<UpstreamOperation>>;

  /**
   * List the upstreams of the account.
   * @returns The upstreams, by name.
   */
  listUpstreams(options?: RequestOptions): ListPromise<ListUpstreamsResponse, Upstream>;

  /**
   * Create an upstream: another SM-DP+, at which profiles are ordered by ES2+.
   * @returns The upstream, without its key.
   * @throws `ApiError`: invalid_value (400), upstream_exists (409).
   */
  createUpstream(request: CreateUpstreamRequest, options?: RequestOptions): Promise<ApiResponse<Upstream>>;

  /**
   * Get one upstream, without its key.
   * @returns The upstream.
   * @throws `ApiError`: upstream_not_found (404).
   */
  getUpstream(upstream: string, options?: RequestOptions): Promise<ApiResponse<Upstream>>;

  /**
   * Update an upstream, for example with a new client certificate and its key.
   * @returns The upstream.
   * @throws `ApiError`: invalid_value (400), upstream_not_found (404).
   */
  updateUpstream(
    upstream: string,
    request: UpdateUpstreamRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<Upstream>>;

  /**
   * Delete an upstream, its key, and what says which types come from it.
   * @returns The upstream is deleted.
   * @throws `ApiError`: upstream_not_found (404), upstream_in_use (409).
   */
  deleteUpstream(upstream: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Try the connection to an upstream: the certificates of both sides, and a call that changes nothing.
   * @returns What was found.
   * @throws `ApiError`: upstream_not_found (404).
   */
  testUpstream(upstream: string, options?: RequestOptions): Promise<ApiResponse<UpstreamTestResult>>;

  /**
   * List the profile types that come from an upstream.
   * @returns The types.
   * @throws `ApiError`: upstream_not_found (404).
   */
  listUpstreamTypes(
    upstream: string,
    options?: RequestOptions,
  ): ListPromise<ListUpstreamTypesResponse, UpstreamType>;

  /**
   * Say that a profile type comes from an upstream, and from no other any more.
   * @returns The type.
   * @throws `ApiError`: upstream_not_found (404), too_many_upstream_types (409).
   */
  setUpstreamType(
    upstream: string,
    request: SetUpstreamTypeRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<UpstreamType>>;

  /**
   * Say that a profile type does not come from an upstream any more.
   * @returns The type does not come from it any more.
   * @throws `ApiError`: profile_type_not_found (404).
   */
  deleteUpstreamType(
    upstream: string,
    profileType: string,
    options?: RequestOptions,
  ): Promise<ApiResponse<undefined>>;

  /**
   * List the core networks of the account.
   * @returns The core networks, by name.
   */
  listCoreNetworks(options?: RequestOptions): ListPromise<ListCoreNetworksResponse, CoreNetwork>;

  /**
   * Create a core network: it gets the subscriptions of the profiles that are created, ordered or released from
   * now on.
   * @returns The core network, and the secret of push, which is shown once.
   * @throws `ApiError`: invalid_value (400), core_network_exists (409).
   */
  createCoreNetwork(
    request: CreateCoreNetworkRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<CoreNetworkWithSecret>>;

  /**
   * Get one core network, without its credentials.
   * @returns The core network.
   * @throws `ApiError`: core_network_not_found (404).
   */
  getCoreNetwork(coreNetwork: string, options?: RequestOptions): Promise<ApiResponse<CoreNetwork>>;

  /**
   * Update a core network; subscriptions that it has stay as they are until they are sent again.
   * @returns The core network.
   * @throws `ApiError`: invalid_value (400), core_network_not_found (404).
   */
  updateCoreNetwork(
    coreNetwork: string,
    request: UpdateCoreNetworkRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<CoreNetwork>>;

  /**
   * Delete a core network here, with its credentials and its deliveries; the subscriptions that it has stay
   * there.
   * @returns The core network is deleted.
   * @throws `ApiError`: core_network_not_found (404).
   */
  deleteCoreNetwork(coreNetwork: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * List what a core network was sent, and is to be sent, the newest first.
   * @returns A page of deliveries.
   * @throws `ApiError`: core_network_not_found (404).
   */
  listCoreDeliveries(
    coreNetwork: string,
    request?: CoreDeliveriesQuery,
    options?: RequestOptions,
  ): ListPromise<ListCoreDeliveriesResponse, CoreDelivery>;

  /**
   * Send the subscription of a profile to a core network now, for example if the profile is older than the core
   * network.
   * @returns The delivery, which the server attempts at once.
   * @throws `ApiError`: core_network_not_found (404).
   */
  sendToCoreNetwork(
    coreNetwork: string,
    request: SendToCoreNetworkRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<CoreDelivery>>;

  /**
   * Do a delivery to a core network again, as the profile is now.
   * @returns The new delivery, which the server attempts at once.
   * @throws `ApiError`: delivery_not_found (404), delivery_pending (409).
   */
  replayCoreDelivery(
    coreNetwork: string,
    coreDeliveryId: number,
    options?: RequestOptions,
  ): Promise<ApiResponse<CoreDelivery>>;

  /**
   * List the operators that may order over ES2+ for the account.
   * @returns The operators.
   */
  listOperators(options?: RequestOptions): ListPromise<ListOperatorsResponse, Operator>;

  /**
   * Create an operator, whose system may order over ES2+ for the account.
   * @returns The operator.
   * @throws `ApiError`: invalid_value (400), operator_exists (409).
   */
  createOperator(request: CreateOperatorRequest, options?: RequestOptions): Promise<ApiResponse<Operator>>;

  /**
   * Update an operator: its certificate, its identifiers, and where downloads are reported to.
   * @returns The operator.
   * @throws `ApiError`: invalid_value (400), operator_not_found (404).
   */
  updateOperator(
    operator: string,
    request: UpdateOperatorRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<Operator>>;

  /**
   * Delete an operator: its calls to ES2+ are refused, and its orders stay.
   * @returns The operator is deleted.
   * @throws `ApiError`: operator_not_found (404).
   */
  deleteOperator(operator: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

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
   * Sign in: sets a cookie that the other operations accept instead of a key.
   * @returns Who has signed in; the cookie is in Set-Cookie.
   * @throws `ApiError`: unauthorized (401), foreign_origin (403), rate_limited (429), busy (503).
   */
  createSession(request?: CreateSessionRequest, options?: RequestOptions): Promise<ApiResponse<Session>>;

  /**
   * Begin to sign in with a passkey; the challenge works once, for five minutes.
   * @returns The challenge.
   * @throws `ApiError`: passkeys_not_configured (409), rate_limited (429), busy (503).
   */
  createSignInChallenge(options?: RequestOptions): Promise<ApiResponse<PasskeyChallenge>>;

  /**
   * Show the ways to sign in to the console.
   * @returns The ways.
   */
  getSignInOptions(options?: RequestOptions): Promise<ApiResponse<SignInOptions>>;

  /**
   * Show who calls: by a session, or by a key.
   * @returns Who calls.
   */
  getSession(options?: RequestOptions): Promise<ApiResponse<Session>>;

  /**
   * Sign out: ends the session of the cookie. Other servers accept it for two more seconds at most.
   * @returns The session has ended, and the cookie is deleted.
   * @throws `ApiError`: foreign_origin (403), no_session (409).
   */
  deleteSession(options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * List the texts of mail: those of the account, and those of the server for what it has not written.
   * @returns All templates.
   */
  listMailTemplates(options?: RequestOptions): ListPromise<ListMailTemplatesResponse, MailTemplate>;

  /**
   * Get the text of a kind of mail in one language, and what it can name.
   * @returns The template.
   * @throws `ApiError`: mail_template_not_found (404).
   */
  getMailTemplate(
    mailKind: string,
    language: string,
    options?: RequestOptions,
  ): Promise<ApiResponse<MailTemplate>>;

  /**
   * Write the text of a kind of mail in your own words.
   * @returns The template.
   * @throws `ApiError`: invalid_value (400), too_many_mail_templates (409).
   */
  putMailTemplate(
    mailKind: string,
    language: string,
    request: PutMailTemplateRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<MailTemplate>>;

  /**
   * Delete your text of a kind of mail: the text of the server is used again.
   * @returns The template is deleted.
   * @throws `ApiError`: mail_template_not_found (404).
   */
  deleteMailTemplate(
    mailKind: string,
    language: string,
    options?: RequestOptions,
  ): Promise<ApiResponse<undefined>>;

  /**
   * Show a mail with example values, before you write its template or as it is.
   * @returns The mail.
   * @throws `ApiError`: invalid_value (400).
   */
  previewMailTemplate(
    mailKind: string,
    language: string,
    request?: PreviewMailTemplateRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<MailPreview>>;

  /**
   * List the mails of the account and their attempts, the newest first.
   * @returns A page of mails.
   */
  listMailDeliveries(
    request?: MailDeliveriesQuery,
    options?: RequestOptions,
  ): ListPromise<ListMailDeliveriesResponse, MailDelivery>;

  /**
   * Send a test mail; its delivery shows whether the mail server has accepted it.
   * @returns The delivery, which the server attempts at once.
   * @throws `ApiError`: mail_not_configured (409).
   */
  sendTestMail(request: SendTestMailRequest, options?: RequestOptions): Promise<ApiResponse<MailDelivery>>;

  /**
   * Send a mail again, as a new mail.
   * @returns The new delivery, which the server attempts at once.
   * @throws `ApiError`: delivery_not_found (404), delivery_pending (409).
   */
  replayMailDelivery(mailDeliveryId: number, options?: RequestOptions): Promise<ApiResponse<MailDelivery>>;

  /**
   * List your own sessions: those of the person, or of the key.
   * @returns The sessions.
   */
  listSessions(options?: RequestOptions): ListPromise<ListSessionsResponse, OwnSession>;

  /**
   * Sign out everywhere: ends all sessions of the person, or of the key. Other servers accept them for two more
   * seconds at most.
   * @returns The sessions have ended.
   * @throws `ApiError`: foreign_origin (403).
   */
  deleteSessions(options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * End one session of the person, or of the key, such as one on a lost device. Other servers accept it for two
   * more seconds at most.
   * @returns The session has ended.
   * @throws `ApiError`: foreign_origin (403), session_not_found (404).
   */
  deleteOwnSession(sessionId: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Change your own password; ends your other sessions.
   * @returns The password is changed.
   * @throws `ApiError`: wrong_password (403), no_session (409), busy (503).
   */
  changePassword(request: ChangePasswordRequest, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * List your own passkeys.
   * @returns The passkeys.
   * @throws `ApiError`: no_session (409).
   */
  listPasskeys(options?: RequestOptions): ListPromise<ListPasskeysResponse, Passkey>;

  /**
   * Begin to create a passkey of your own; the challenge works once, for five minutes.
   * @returns The challenge.
   * @throws `ApiError`: sign_in_again (403), no_session (409), busy (503).
   */
  createPasskeyChallenge(options?: RequestOptions): Promise<ApiResponse<NewPasskeyChallenge>>;

  /**
   * Create a passkey of your own, which signs in from then on.
   * @returns The passkey.
   * @throws `ApiError`: sign_in_again (403), no_session (409).
   */
  createPasskey(request: CreatePasskeyRequest, options?: RequestOptions): Promise<ApiResponse<Passkey>>;

  /**
   * Delete a passkey of your own, such as that of a lost device; ends your other sessions.
   * @returns The passkey is deleted.
   * @throws `ApiError`: passkey_not_found (404), no_session (409).
   */
  deletePasskey(passkeyId: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * List the people who sign in to the console of the account.
   * @returns The people.
   */
  listPeople(options?: RequestOptions): ListPromise<ListPeopleResponse, Person>;

  /**
   * Invite a person; the invitation is shown once.
   * @returns The person, and the invitation.
   * @throws `ApiError`: person_exists (409).
   */
  createPerson(request: CreatePersonRequest, options?: RequestOptions): Promise<ApiResponse<InvitedPerson>>;

  /**
   * Change the name or the role of a person, or whether they can sign in; a change of role or access ends their
   * sessions.
   * @returns The person.
   * @throws `ApiError`: person_not_found (404), own_person (409).
   */
  updatePerson(
    personId: string,
    request: UpdatePersonRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<Person>>;

  /**
   * Delete a person and their sessions; the audit log keeps their id.
   * @returns The person is deleted.
   * @throws `ApiError`: person_not_found (404), own_person (409).
   */
  deletePerson(personId: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Invite a person again, also to choose a new password; earlier invitations end.
   * @returns The person, and the invitation.
   * @throws `ApiError`: person_not_found (404).
   */
  invitePerson(personId: string, options?: RequestOptions): Promise<ApiResponse<InvitedPerson>>;

  /**
   * Mail an invitation to a person, also to choose a new password; earlier invitations end when the mail is
   * sent.
   * @returns The delivery, which the server attempts at once.
   * @throws `ApiError`: person_not_found (404), mail_not_configured (409).
   */
  mailInvitation(
    personId: string,
    request?: MailInvitationRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<MailDelivery>>;

  /**
   * End all sessions of a person. Other servers accept them for two more seconds at most.
   * @returns The person is signed out everywhere.
   * @throws `ApiError`: person_not_found (404).
   */
  deletePersonSessions(personId: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * List the passkeys of a person.
   * @returns The passkeys.
   * @throws `ApiError`: person_not_found (404).
   */
  listPersonPasskeys(personId: string, options?: RequestOptions): ListPromise<ListPasskeysResponse, Passkey>;

  /**
   * Delete a passkey of a person; ends the sessions of the person.
   * @returns The passkey is deleted.
   * @throws `ApiError`: passkey_not_found (404).
   */
  deletePersonPasskey(
    personId: string,
    passkeyId: string,
    options?: RequestOptions,
  ): Promise<ApiResponse<undefined>>;

  /**
   * List who gets alerts of the account by mail.
   * @returns The recipients.
   */
  listMailRecipients(options?: RequestOptions): ListPromise<ListMailRecipientsResponse, MailRecipient>;

  /**
   * Send alerts of the account to a mail address, or change which.
   * @returns The recipient.
   * @throws `ApiError`: too_many_recipients (409).
   */
  putMailRecipient(
    address: string,
    request?: PutMailRecipientRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<MailRecipient>>;

  /**
   * Send no more alerts of the account to a mail address.
   * @returns The recipient is deleted.
   * @throws `ApiError`: recipient_not_found (404).
   */
  deleteMailRecipient(address: string, options?: RequestOptions): Promise<ApiResponse<undefined>>;

  /**
   * Get the name and version of the server.
   * @returns The server.
   */
  getStatus(options?: RequestOptions): Promise<ApiResponse<StatusResponse>>;

  /**
   * Get the account in numbers: profiles, stock, downloads, late deliveries, and what expires soon.
   * @returns The numbers.
   */
  getOverview(request?: OverviewQuery, options?: RequestOptions): Promise<ApiResponse<OverviewResponse>>;

  /**
   * List the accounts of the server.
   * @returns The accounts.
   */
  listAccounts(options?: RequestOptions): ListPromise<ListAccountsResponse, Account>;

  /**
   * Create an account with a first key, which is shown once.
   * @returns The account and its key.
   * @throws `ApiError`: account_exists (409).
   */
  createAccount(request: CreateAccountRequest, options?: RequestOptions): Promise<ApiResponse<NewAccount>>;

  /**
   * Show the phone of the lab with its profiles. Only a server that runs such a phone has this operation.
   * @returns The phone.
   * @throws `ApiError`: lab_busy (409).
   */
  getLabPhone(options?: RequestOptions): Promise<ApiResponse<LabPhone>>;

  /**
   * Start a download on the phone of the lab. Its events show each call, and ask what the user must say.
   * @returns The download has started.
   * @throws `ApiError`: invalid_value (400), lab_busy (409).
   */
  downloadToLabPhone(
    request?: LabDownloadRequest,
    options?: RequestOptions,
  ): Promise<ApiResponse<LabDownload>>;

  /**
   * Say what the phone of the lab asks its user: whether it may install the profile, or the confirmation code.
   * @returns The download continues, or ends.
   * @throws `ApiError`: lab_not_found (404).
   */
  answerLabQuestion(
    downloadId: string,
    request: LabAnswer,
    options?: RequestOptions,
  ): Promise<ApiResponse<undefined>>;

  /**
   * Enable a profile on the phone of the lab; the one that was enabled is disabled.
   * @returns The phone afterwards. The SM-DP+ has the notification, or it waits.
   * @throws `ApiError`: invalid_iccid (400), lab_not_found (404), lab_refused (409).
   */
  enableLabProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<LabPhone>>;

  /**
   * Disable a profile on the phone of the lab.
   * @returns The phone afterwards. The SM-DP+ has the notification, or it waits.
   * @throws `ApiError`: invalid_iccid (400), lab_not_found (404), lab_refused (409).
   */
  disableLabProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<LabPhone>>;

  /**
   * Delete a profile from the phone of the lab.
   * @returns The phone afterwards. The SM-DP+ has the notification, or it waits.
   * @throws `ApiError`: invalid_iccid (400), lab_not_found (404), lab_refused (409).
   */
  deleteLabProfile(iccid: string, options?: RequestOptions): Promise<ApiResponse<LabPhone>>;

  /**
   * Send the notifications that are still on the phone of the lab.
   * @returns The phone afterwards.
   * @throws `ApiError`: lab_busy (409).
   */
  sendLabNotifications(options?: RequestOptions): Promise<ApiResponse<LabPhone>>;

  /**
   * List what happened on the phone of the lab; with Accept: text/event-stream, follow it from Last-Event-ID
   * on.
   * @returns The last events, or server-sent events with the same objects.
   * @throws `ApiError`: too_many_streams (503).
   */
  listLabEvents(request?: LabEventsQuery, options?: RequestOptions): ListPromise<LabEvents, LabEvent>;

  /**
   * Show what a call of the phone of the lab carried, in words and in octets.
   * @returns The call.
   * @throws `ApiError`: lab_not_found (404).
   */
  getLabCall(callId: string, options?: RequestOptions): Promise<ApiResponse<LabCall>>;

  /**
   * List what the phone of the lab can do wrong on request.
   * @returns The faults.
   */
  listLabFaults(options?: RequestOptions): ListPromise<LabFaults, LabFault>;
}
