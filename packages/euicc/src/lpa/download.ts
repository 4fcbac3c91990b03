import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { agree, type Consent } from './agree.ts';
import { authenticate, type Source } from './authenticate.ts';
import { type AskConfirmationCode, bind } from './bind.ts';
import { iccidIn } from './es10.ts';
import { load } from './load.ts';
import type { LpaEnv } from './ports.ts';

export type DownloadRequest = {
  readonly source: Source;
  readonly consent: Consent;
  readonly confirmationCode: AskConfirmationCode;
};

/** A profile that was downloaded. It is disabled. */
export type Downloaded = {
  readonly iccid: Iccid;
  readonly aid: Uint8Array;
  readonly profileName: string;
  readonly serviceProviderName: string;
};

/**
 * A whole profile download (SGP.22 3.1.3): authenticate, agree, bind, install. Throws an LpaFailure that says at which step it
 * ended and why; the session is then cancelled if the specification says so. Notifications stay on the card: see `sendNotifications`.
 */
export async function download(
  { source, consent, confirmationCode }: DownloadRequest,
  env: LpaEnv,
): Promise<Downloaded> {
  const offer = await authenticate(source, env);
  await agree(offer, consent, env);
  const boundProfilePackage = await bind(offer, confirmationCode, env);
  const aid = await load(boundProfilePackage, offer, env);
  const { iccid, profileName, serviceProviderName } = offer.metadata.value;
  return { iccid: iccidIn('loadBoundProfilePackage', iccid), aid, profileName, serviceProviderName };
}
