import { DerError, readHeader, readOne } from '@esim-rsp/codec';
import type { Card, CardEnv } from '../card/card.ts';
import { authenticateServer } from './authenticateServer.ts';
import { cancelSession } from './cancelSession.ts';
import { type Es10Function, type Outcome, refuseWith, statusWords } from './command.ts';
import { getProfilesInfo } from './getProfilesInfo.ts';
import {
  getEid,
  getEuiccChallenge,
  getEuiccConfiguredAddresses,
  getEuiccInfo1,
  getEuiccInfo2,
  getRat,
  setDefaultDpAddress,
} from './info.ts';
import { isSegment, loadBoundProfilePackage } from './loadBoundProfilePackage.ts';
import { listNotification, removeNotificationFromList, retrieveNotificationsList } from './notifications.ts';
import { prepareDownload } from './prepareDownload.ts';
import { deleteProfile, disableProfile, enableProfile, euiccMemoryReset, setNickname } from './profiles.ts';

/** The functions of ES10a, ES10b and ES10c by the tag of their command (SGP.22 5.7.2). */
export const es10: ReadonlyMap<number, Es10Function> = new Map<number, Es10Function>([
  [0xbf20, getEuiccInfo1],
  [0xbf21, prepareDownload],
  [0xbf22, getEuiccInfo2],
  [0xbf28, listNotification],
  [0xbf29, setNickname],
  [0xbf2b, retrieveNotificationsList],
  [0xbf2d, getProfilesInfo],
  [0xbf2e, getEuiccChallenge],
  [0xbf30, removeNotificationFromList],
  [0xbf31, enableProfile],
  [0xbf32, disableProfile],
  [0xbf33, deleteProfile],
  [0xbf34, euiccMemoryReset],
  [0xbf38, authenticateServer],
  [0xbf3c, getEuiccConfiguredAddresses],
  [0xbf3e, getEid],
  [0xbf3f, setDefaultDpAddress],
  [0xbf41, cancelSession],
  [0xbf43, getRat],
]);

/** Commands that a card accepts while a package is loaded. */
const ALLOWED_WHILE_INSTALLING = new Set([0xbf2e, 0xbf41]);

/** Executes one command. There is an outcome for any request; nothing is thrown for its contents. */
export function execute(card: Card, request: Uint8Array, env: CardEnv): Outcome {
  try {
    if (isSegment(request)) return loadBoundProfilePackage(card, request, env);
    const { tag } = readHeader(request, 0);
    const fn = es10.get(tag);
    if (fn === undefined) return refuseWith(card, statusWords.notFound);
    if (card.session?.stage === 'installing' && !ALLOWED_WHILE_INSTALLING.has(tag))
      return refuseWith(card, statusWords.conditionsNotSatisfied);
    readOne(request);
    return fn(card, request, env);
  } catch (error) {
    if (error instanceof DerError) return refuseWith(card, statusWords.wrongData);
    throw error;
  }
}
