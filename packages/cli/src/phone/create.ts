import type { Card } from '@esim-rsp/euicc';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import type { Config } from '@esim-rsp/server/process/config';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { completeEid, demoEid, type Eid } from '@esim-rsp/sgp22/value/eid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { CliError } from '../command.ts';
import { makeCard } from './make-card.ts';
import { defaultPhone, readPhone, savePhone } from './phone-file.ts';

export type NewPhone = {
  readonly name: string;
  readonly eid?: Eid;
  /** Folder of the PKI to make the card under; the server's if absent. */
  readonly pki?: string;
  /** Of its certificates and its CI; every curve of the PKI if absent. */
  readonly curve?: Curve;
  /** Default SM-DP+ address; that of the server if absent. */
  readonly defaultSmdp?: string;
};

/** Makes a phone with an empty card and keeps it; refuses to replace one that is there. */
export async function createPhone(
  config: Config,
  { name, eid, pki, defaultSmdp, curve }: NewPhone,
): Promise<Card> {
  const place = { dataDir: config.dataDir, name };
  if ((await readPhone(place)) !== undefined)
    throw new CliError(`there is a phone ${name} already: choose another --name, or remove its file`);
  const directory = pki ?? config.pkiDir;
  const files = await readPkiDirectory(directory);
  if (files === undefined)
    throw new CliError(`there is no PKI in ${directory}: start the server once, or run 'esim pki init'`);
  const defaultDpAddress = defaultSmdp ?? config.smdpAddress ?? `localhost:${config.es9Port}`;
  try {
    const drawn = name === defaultPhone ? demoEid : drawnEid();
    const wish = { ...(eid !== undefined && { eid }), ...(curve !== undefined && { curve }) };
    const card = makeCard({ files, drawn, defaultDpAddress, ...wish });
    await savePhone(place, card);
    return card;
  } catch (error) {
    if (!(error instanceof PkiError) && !(error instanceof ValueError)) throw error;
    throw new CliError(`no phone can be made under the PKI in ${directory}: ${error.message}`);
  }
}

/** An EID in the range of the test EUM. */
function drawnEid(): Eid {
  const digits = [...systemRandom(22)].map((octet) => octet % 10).join('');
  return completeEid(`89049032${digits}`);
}
