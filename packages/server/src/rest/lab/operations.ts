import type { Operation } from '../frame/operation.ts';
import { answerLabQuestion } from './answerLabQuestion.ts';
import { deleteLabProfile, disableLabProfile, enableLabProfile } from './changeLabProfile.ts';
import { downloadToLabPhone } from './downloadToLabPhone.ts';
import { getLabCall } from './getLabCall.ts';
import { getLabPhone } from './getLabPhone.ts';
import { listLabEvents } from './listLabEvents.ts';
import { listLabFaults } from './listLabFaults.ts';
import { sendLabNotifications } from './sendLabNotifications.ts';

/** What a server has in addition if it runs the phone of a lab. */
export const labOperations: readonly Operation[] = [
  getLabPhone,
  downloadToLabPhone,
  answerLabQuestion,
  enableLabProfile,
  disableLabProfile,
  deleteLabProfile,
  sendLabNotifications,
  listLabEvents,
  getLabCall,
  listLabFaults,
];
