import { createApiKey } from './account/createApiKey.ts';
import { deleteApiKey } from './account/deleteApiKey.ts';
import { listApiKeys } from './account/listApiKeys.ts';
import { listAudit } from './account/listAudit.ts';
import { rotateApiKey } from './account/rotateApiKey.ts';
import { getDownloadAttempt } from './events/getDownloadAttempt.ts';
import { getEUICCProfileHistory } from './events/getEUICCProfileHistory.ts';
import { listDownloadAttempts } from './events/listDownloadAttempts.ts';
import { listEvents } from './events/listEvents.ts';
import { listRefusedCalls } from './events/listRefusedCalls.ts';
import type { Operation } from './frame/operation.ts';
import { listOperatorDeliveries } from './operators/listOperatorDeliveries.ts';
import { replayOperatorDelivery } from './operators/replayOperatorDelivery.ts';
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
import { exportEUICCProfiles } from './profiles/exportEUICCProfiles.ts';
import { getEUICCProfile } from './profiles/getEUICCProfile.ts';
import { getQRCode } from './profiles/getQRCode.ts';
import { listEUICCProfiles } from './profiles/listEUICCProfiles.ts';
import { readEUICCProfileSecrets } from './profiles/readEUICCProfileSecrets.ts';
import { getHealth, getReadiness } from './status/getHealth.ts';
import { getStatus } from './status/getStatus.ts';
import { createEUICCProfile } from './stock/createEUICCProfile.ts';
import { createProfileTemplate } from './stock/createProfileTemplate.ts';
import { deleteProfileTemplate } from './stock/deleteProfileTemplate.ts';
import { generateEUICCProfiles } from './stock/generateEUICCProfiles.ts';
import { generateFromProfileTemplate } from './stock/generateFromProfileTemplate.ts';
import { getProfileTemplate, listProfileTemplates } from './stock/getProfileTemplate.ts';
import { importEUICCProfiles } from './stock/importEUICCProfiles.ts';
import { listProfileTypes } from './stock/listProfileTypes.ts';
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
  getEUICCProfileHistory,
  listEUICCProfiles,
  exportEUICCProfiles,
  createEUICCProfile,
  updateEUICCProfile,
  importEUICCProfiles,
  generateEUICCProfiles,
  listProfileTypes,
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
  listEvents,
  listDownloadAttempts,
  getDownloadAttempt,
  listRefusedCalls,
  listAudit,
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
  listOperatorDeliveries,
  replayOperatorDelivery,
  getStatus,
  getHealth,
  getReadiness,
];
