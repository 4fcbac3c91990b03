import { createApiKey } from './account/createApiKey.ts';
import { deleteApiKey } from './account/deleteApiKey.ts';
import { eraseAuditEntry } from './account/eraseAuditEntry.ts';
import { listApiKeys } from './account/listApiKeys.ts';
import { listAudit } from './account/listAudit.ts';
import { rotateApiKey } from './account/rotateApiKey.ts';
import { createAccount } from './accounts/createAccount.ts';
import { listAccounts } from './accounts/listAccounts.ts';
import { createCoreNetwork } from './core-networks/createCoreNetwork.ts';
import { deleteCoreNetwork } from './core-networks/deleteCoreNetwork.ts';
import { listCoreDeliveries, replayCoreDelivery, sendToCoreNetwork } from './core-networks/deliveries.ts';
import { getCoreNetwork, listCoreNetworks } from './core-networks/getCoreNetwork.ts';
import { updateCoreNetwork } from './core-networks/updateCoreNetwork.ts';

import { getDownloadAttempt } from './events/getDownloadAttempt.ts';
import { getEUICCProfileHistory } from './events/getEUICCProfileHistory.ts';
import { listDownloadAttempts } from './events/listDownloadAttempts.ts';
import { listEvents } from './events/listEvents.ts';
import { listRefusedCalls } from './events/listRefusedCalls.ts';
import type { Operation } from './frame/operation.ts';
import { getOperation } from './gateway/getOperation.ts';
import { listOperations } from './gateway/listOperations.ts';
import { retryOperation } from './gateway/retryOperation.ts';
import { settleOperation } from './gateway/settleOperation.ts';
import { createInstallLink } from './install/createInstallLink.ts';
import { deleteInstallLink } from './install/deleteInstallLink.ts';
import { getBrand } from './install/getBrand.ts';
import { getInstallLink } from './install/getInstallLink.ts';
import { previewInstallPage } from './install/previewInstallPage.ts';
import { updateBrand } from './install/updateBrand.ts';
import { listMailDeliveries } from './mail/listMailDeliveries.ts';
import { getMailTemplate, listMailTemplates } from './mail/listMailTemplates.ts';
import { previewMailTemplate } from './mail/previewMailTemplate.ts';
import { deleteMailTemplate, putMailTemplate } from './mail/putMailTemplate.ts';
import { deleteMailRecipient, listMailRecipients, putMailRecipient } from './mail/recipients.ts';
import { replayMailDelivery } from './mail/replayMailDelivery.ts';
import { sendTestMail } from './mail/sendTestMail.ts';
import { createOperator } from './operators/createOperator.ts';
import { deleteOperator } from './operators/deleteOperator.ts';
import { listOperatorDeliveries } from './operators/listOperatorDeliveries.ts';
import { listOperators } from './operators/listOperators.ts';
import { replayOperatorDelivery } from './operators/replayOperatorDelivery.ts';
import { updateOperator } from './operators/updateOperator.ts';
import { cancelEUICCProfile } from './orders/cancelEUICCProfile.ts';
import { confirmEUICCProfile } from './orders/confirmEUICCProfile.ts';
import { deleteEUICCProfile } from './orders/deleteEUICCProfile.ts';
import { orderEUICCProfile } from './orders/orderEUICCProfile.ts';
import { orderEUICCProfileOfType } from './orders/orderEUICCProfileOfType.ts';
import { releaseEUICCProfile } from './orders/releaseEUICCProfile.ts';
import { replaceEUICCProfile } from './orders/replaceEUICCProfile.ts';
import { reReleaseEUICCProfile } from './orders/reReleaseEUICCProfile.ts';
import { resetEUICCProfile } from './orders/resetEUICCProfile.ts';
import { retireEUICCProfile } from './orders/retireEUICCProfile.ts';
import { updateEUICCProfile } from './orders/updateEUICCProfile.ts';
import { createPasskey } from './passkeys/createPasskey.ts';
import { createPasskeyChallenge } from './passkeys/createPasskeyChallenge.ts';
import { deletePasskey, deletePersonPasskey } from './passkeys/deletePasskey.ts';
import { listPasskeys, listPersonPasskeys } from './passkeys/listPasskeys.ts';
import { createPerson } from './people/createPerson.ts';
import { deletePerson } from './people/deletePerson.ts';
import { deletePersonSessions } from './people/deletePersonSessions.ts';
import { invitePerson } from './people/invitePerson.ts';
import { listPeople } from './people/listPeople.ts';
import { mailInvitation } from './people/mailInvitation.ts';
import { updatePerson } from './people/updatePerson.ts';
import { exportEUICCProfiles } from './profiles/exportEUICCProfiles.ts';
import { getEUICCProfile } from './profiles/getEUICCProfile.ts';
import { getQRCode } from './profiles/getQRCode.ts';
import { listEUICCProfiles } from './profiles/listEUICCProfiles.ts';
import { readActivationCode } from './profiles/readActivationCode.ts';
import { readEUICCProfileSecrets } from './profiles/readEUICCProfileSecrets.ts';
import { search } from './search/search.ts';
import { changePassword } from './session/changePassword.ts';
import { createSession } from './session/createSession.ts';
import { createSignInChallenge } from './session/createSignInChallenge.ts';
import { deleteOwnSession } from './session/deleteOwnSession.ts';
import { deleteSession } from './session/deleteSession.ts';
import { deleteSessions } from './session/deleteSessions.ts';
import { getSession } from './session/getSession.ts';
import { getSignInOptions } from './session/getSignInOptions.ts';
import { listSessions } from './session/listSessions.ts';
import { getHealth, getReadiness } from './status/getHealth.ts';
import { getOverview } from './status/getOverview.ts';
import { getStatus } from './status/getStatus.ts';
import { createEUICCProfile } from './stock/createEUICCProfile.ts';
import { createProfileTemplate } from './stock/createProfileTemplate.ts';
import { deleteProfileTemplate } from './stock/deleteProfileTemplate.ts';
import { generateEUICCProfiles } from './stock/generateEUICCProfiles.ts';
import { generateFromProfileTemplate } from './stock/generateFromProfileTemplate.ts';
import { getProfileTemplate, listProfileTemplates } from './stock/getProfileTemplate.ts';
import { importEUICCProfiles } from './stock/importEUICCProfiles.ts';
import { listProfileTypes } from './stock/listProfileTypes.ts';
import { updateProfileType } from './stock/updateProfileType.ts';
import { createUpstream } from './upstreams/createUpstream.ts';
import { deleteUpstream } from './upstreams/deleteUpstream.ts';
import { getUpstream, listUpstreams } from './upstreams/getUpstream.ts';
import { testUpstream } from './upstreams/testUpstream.ts';
import { updateUpstream } from './upstreams/updateUpstream.ts';
import { deleteUpstreamType, listUpstreamTypes, setUpstreamType } from './upstreams/upstream-types.ts';
import { createWebhook } from './webhooks/createWebhook.ts';
import { deleteWebhook } from './webhooks/deleteWebhook.ts';
import { getWebhook, listWebhooks } from './webhooks/getWebhook.ts';
import { listWebhookDeliveries } from './webhooks/listWebhookDeliveries.ts';
import { replayWebhookDelivery } from './webhooks/replayWebhookDelivery.ts';
import { rotateWebhookSecret } from './webhooks/rotateWebhookSecret.ts';
import { testWebhook } from './webhooks/testWebhook.ts';
import { updateWebhook } from './webhooks/updateWebhook.ts';

/** Every operation of the REST API. */
export const operations: readonly Operation[] = [
  getEUICCProfile,
  getQRCode,
  createInstallLink,
  getInstallLink,
  deleteInstallLink,
  getBrand,
  updateBrand,
  previewInstallPage,
  getEUICCProfileHistory,
  listEUICCProfiles,
  search,
  exportEUICCProfiles,
  createEUICCProfile,
  updateEUICCProfile,
  importEUICCProfiles,
  generateEUICCProfiles,
  listProfileTypes,
  updateProfileType,
  listProfileTemplates,
  createProfileTemplate,
  getProfileTemplate,
  deleteProfileTemplate,
  generateFromProfileTemplate,
  orderEUICCProfileOfType,
  orderEUICCProfile,
  confirmEUICCProfile,
  releaseEUICCProfile,
  cancelEUICCProfile,
  reReleaseEUICCProfile,
  retireEUICCProfile,
  resetEUICCProfile,
  replaceEUICCProfile,
  deleteEUICCProfile,
  readEUICCProfileSecrets,
  readActivationCode,
  listEvents,
  listDownloadAttempts,
  getDownloadAttempt,
  listRefusedCalls,
  listAudit,
  eraseAuditEntry,
  listApiKeys,
  createApiKey,
  rotateApiKey,
  deleteApiKey,
  listWebhooks,
  createWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  listWebhookDeliveries,
  replayWebhookDelivery,
  listOperations,
  getOperation,
  retryOperation,
  settleOperation,
  listUpstreams,
  createUpstream,
  getUpstream,
  updateUpstream,
  deleteUpstream,
  testUpstream,
  listUpstreamTypes,
  setUpstreamType,
  deleteUpstreamType,
  listCoreNetworks,
  createCoreNetwork,
  getCoreNetwork,
  updateCoreNetwork,
  deleteCoreNetwork,
  listCoreDeliveries,
  sendToCoreNetwork,
  replayCoreDelivery,
  listOperators,
  createOperator,
  updateOperator,
  deleteOperator,
  listOperatorDeliveries,
  replayOperatorDelivery,
  createSession,
  createSignInChallenge,
  getSignInOptions,
  getSession,
  deleteSession,
  listMailTemplates,
  getMailTemplate,
  putMailTemplate,
  deleteMailTemplate,
  previewMailTemplate,
  listMailDeliveries,
  sendTestMail,
  replayMailDelivery,
  listSessions,
  deleteSessions,
  deleteOwnSession,
  changePassword,
  listPasskeys,
  createPasskeyChallenge,
  createPasskey,
  deletePasskey,
  listPeople,
  createPerson,
  updatePerson,
  deletePerson,
  invitePerson,
  mailInvitation,
  deletePersonSessions,
  listPersonPasskeys,
  deletePersonPasskey,
  listMailRecipients,
  putMailRecipient,
  deleteMailRecipient,
  getStatus,
  getOverview,
  getHealth,
  getReadiness,
  listAccounts,
  createAccount,
];
