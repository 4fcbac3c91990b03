import type { Card } from '@esim-rsp/euicc';
import { createPhone, hasPhone, issueCard, PhoneError } from '@esim-rsp/phone';
import type { Config } from '@esim-rsp/server/process/config';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { demoEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { CliError } from '../command.ts';
import { readOpenedPki } from '../pki/sealed.ts';
import { serverAddresses } from '../running.ts';
import { defaultPhone } from './options.ts';

export type NewPhone = {
  readonly name: string;
  readonly eid?: Eid;
  /** Folder of the PKI that issues the card; the server's if absent. */
  readonly pki?: string;
  /** The curve of its certificates and its CI; all curves of the PKI if absent. */
  readonly curve?: Curve;
  /** Default SM-DP+ address; that of the server if absent. */
  readonly defaultSmdp?: string;
};

/** Creates a phone with an empty card in the data folder, under the PKI of the server if no other is named. */
export async function createLocalPhone(config: Config, wanted: NewPhone): Promise<Card> {
  const { name, eid, curve } = wanted;
  const place = { dataDir: config.dataDir, name };
  if (await hasPhone(place)) throw new PhoneError('exists', `the phone ${name} already exists`);
  const { pkiDir, smdpAddress } = serverAddresses();
  const directory = wanted.pki ?? pkiDir;
  const pki = await readOpenedPki(directory);
  if (pki === undefined)
    throw new CliError(`there is no PKI in ${directory}: start the server once, or run 'esim pki init'`);
  const defaultDpAddress = wanted.defaultSmdp ?? smdpAddress;
  const suggestedEid = name === defaultPhone ? demoEid : undefined;
  try {
    const card = issueCard({ pki, eid, suggestedEid, curve, defaultDpAddress });
    await createPhone(place, card);
    return card;
  } catch (error) {
    if (!(error instanceof PkiError) && !(error instanceof ValueError)) throw error;
    throw new CliError(`no phone can be created under the PKI in ${directory}: ${error.message}`);
  }
}
