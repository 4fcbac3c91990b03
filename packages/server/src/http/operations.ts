import type { Operation } from './operation.ts';
import { createEUICCProfile } from './rest/createEUICCProfile.ts';
import { getEUICCProfile } from './rest/getEUICCProfile.ts';
import { getEUICCProfileHistory } from './rest/getEUICCProfileHistory.ts';
import { getQRCode } from './rest/getQRCode.ts';
import { getHealth, getStatus } from './rest/getStatus.ts';
import { listEUICCProfiles } from './rest/listEUICCProfiles.ts';
import { listEvents } from './rest/listEvents.ts';
import { orderEUICCProfile } from './rest/orderEUICCProfile.ts';

/** Every operation of the REST API. */
export const operations: readonly Operation[] = [
  getEUICCProfile,
  getQRCode,
  getEUICCProfileHistory,
  listEUICCProfiles,
  createEUICCProfile,
  orderEUICCProfile,
  listEvents,
  getStatus,
  getHealth,
];
