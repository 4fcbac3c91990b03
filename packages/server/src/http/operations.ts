import type { Operation } from './operation.ts';
import { cancelEUICCProfile } from './rest/cancelEUICCProfile.ts';
import { changeEUICCProfile } from './rest/changeEUICCProfile.ts';
import { confirmEUICCProfile } from './rest/confirmEUICCProfile.ts';
import { createApiKey } from './rest/createApiKey.ts';
import { createEUICCProfile } from './rest/createEUICCProfile.ts';
import { createProfileTemplate } from './rest/createProfileTemplate.ts';
import { createWebhook } from './rest/createWebhook.ts';
import { deleteProfileTemplate } from './rest/deleteProfileTemplate.ts';
import { deleteWebhook } from './rest/deleteWebhook.ts';
import { generateEUICCProfiles } from './rest/generateEUICCProfiles.ts';
import { generateFromProfileTemplate } from './rest/generateFromProfileTemplate.ts';
import { getEUICCProfile } from './rest/getEUICCProfile.ts';
import { getEUICCProfileHistory } from './rest/getEUICCProfileHistory.ts';
import { getProfileTemplate, listProfileTemplates } from './rest/getProfileTemplate.ts';
import { getQRCode } from './rest/getQRCode.ts';
import { getHealth, getStatus } from './rest/getStatus.ts';
import { getWebhook, listWebhooks } from './rest/getWebhook.ts';
import { importEUICCProfiles } from './rest/importEUICCProfiles.ts';
import { listApiKeys } from './rest/listApiKeys.ts';
import { listAudit } from './rest/listAudit.ts';
import { listEUICCProfiles } from './rest/listEUICCProfiles.ts';
import { listEvents } from './rest/listEvents.ts';
import { listProfileTypes } from './rest/listProfileTypes.ts';
import { listWebhookDeliveries } from './rest/listWebhookDeliveries.ts';
import { orderEUICCProfile } from './rest/orderEUICCProfile.ts';
import { orderEUICCProfileOfType } from './rest/orderEUICCProfileOfType.ts';
import { releaseEUICCProfile } from './rest/releaseEUICCProfile.ts';
import { replayWebhookDelivery } from './rest/replayWebhookDelivery.ts';
import { reReleaseEUICCProfile } from './rest/reReleaseEUICCProfile.ts';
import { restockEUICCProfile } from './rest/restockEUICCProfile.ts';
import { retireEUICCProfile } from './rest/retireEUICCProfile.ts';
import { revokeApiKey } from './rest/revokeApiKey.ts';
import { rotateApiKey } from './rest/rotateApiKey.ts';
import { rotateWebhookSecret } from './rest/rotateWebhookSecret.ts';
import { testWebhook } from './rest/testWebhook.ts';
import { updateWebhook } from './rest/updateWebhook.ts';

/** Every operation of the REST API. */
export const operations: readonly Operation[] = [
  getEUICCProfile,
  getQRCode,
  getEUICCProfileHistory,
  listEUICCProfiles,
  createEUICCProfile,
  changeEUICCProfile,
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
  restockEUICCProfile,
  listEvents,
  listAudit,
  listApiKeys,
  createApiKey,
  rotateApiKey,
  revokeApiKey,
  listWebhooks,
  createWebhook,
  getWebhook,
  updateWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  listWebhookDeliveries,
  replayWebhookDelivery,
  getStatus,
  getHealth,
];
