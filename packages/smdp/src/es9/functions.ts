import type { Es9Name, Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import type { ProtocolFunction } from '../run.ts';
import { authenticateClient } from './authenticateClient.ts';
import { cancelSession } from './cancelSession.ts';
import { getBoundProfilePackage } from './getBoundProfilePackage.ts';
import { handleNotification } from './handleNotification.ts';
import { initiateAuthentication } from './initiateAuthentication.ts';
import { journaled } from './journaled.ts';

/** The functions of ES9+ by the names of the table in sgp22/functions/es9plus.ts. */
export type Es9Functions = {
  // biome-ignore lint/suspicious/noExplicitAny: what a function finds is its own affair
  readonly [N in Es9Name]: ProtocolFunction<Es9Request<N>, any, Es9Response<N>>;
};

export const es9Functions: Es9Functions = {
  initiateAuthentication: journaled('initiateAuthentication', initiateAuthentication),
  authenticateClient: journaled('authenticateClient', authenticateClient),
  getBoundProfilePackage: journaled('getBoundProfilePackage', getBoundProfilePackage),
  cancelSession: journaled('cancelSession', cancelSession),
  handleNotification: journaled('handleNotification', handleNotification),
};
