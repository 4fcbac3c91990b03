import { join } from 'node:path';
import { WARNING_DAYS } from '@esim-rsp/server/keys/own-certificates';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import type { Config } from '@esim-rsp/server/process/config';
import { PkiError } from '@esim-rsp/sgp22/pki/files';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import { type CertificateSummary, summarizeCertificates } from '../pki/certificates.ts';
import { type Check, ok, problem } from './check.ts';
import { othersMayRead } from './data.ts';

/** What the checks know about the server: its folder of certificates, and how phones call it. */
export type PkiPlace = Pick<Config, 'es9Tls'> & {
  readonly pkiDir: string;
  readonly smdpAddress: string;
  /** Whether a server is expected to have its data here. */
  readonly isHere: boolean;
};

/** The certificates of the server: present, with keys that only their owner can read, valid, and for the right host. */
export async function checkPki(place: PkiPlace): Promise<Check[]> {
  const { pkiDir, isHere } = place;
  try {
    const files = await readPkiDirectory(pkiDir);
    if (files === undefined)
      return [
        problem(
          'PKI',
          isHere ? 'failed' : 'skipped',
          `there is none in ${pkiDir}`,
          "set ESIM_PKI_DIR, or create a test PKI: start the server once, or use 'esim pki init'",
        ),
      ];
    const checks = certificateChecks(summarizeCertificates(files, Date.now()), place);
    return [...keyFilesCheck(pkiDir, [...files.keys()]), ...checks];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof PkiError) && code === undefined) throw error;
    return [problem('PKI', 'failed', `${pkiDir} cannot be read: ${message}`, "see 'esim pki show'")];
  }
}

function certificateChecks(all: readonly CertificateSummary[], place: PkiPlace): Check[] {
  const roles = ['ci', 'dp-auth', 'dp-pb', ...(place.es9Tls ? (['dp-tls'] as const) : [])] as const;
  return roles.flatMap((role) => {
    const own = all.filter((each) => each.role === role);
    if (own.length === 0)
      return [problem(role, 'failed', `${place.pkiDir} has no certificate for it`, "see 'esim pki show'")];
    return own.map((each) => certificateCheck(each, place));
  });
}

function certificateCheck(found: CertificateSummary, { smdpAddress, es9Tls }: PkiPlace): Check {
  const { role, file, days_left: days, valid_until: until, faults, names } = found;
  const remedy =
    role === 'dp-tls'
      ? "'esim pki renew' renews it in a test PKI"
      : 'put a new one into the PKI folder and restart';
  if (days < 0) return problem(role, 'failed', `${file} expired on ${until}`, remedy);
  if (role !== 'ci' && !found.has_key && found.token_keys.length === 0)
    return problem(role, 'failed', `the private key of ${file} is missing`, 'put it into the PKI folder');
  if (faults.length > 0) return problem(role, 'warning', `${file}: ${faults.join('; ')}`, remedy);
  if (days < WARNING_DAYS) return problem(role, 'warning', `${file} expires in ${days} days`, remedy);
  const host = hostOf(smdpAddress);
  if (role === 'dp-tls' && es9Tls && !names.includes(host))
    return problem(
      role,
      'warning',
      `${file} is for ${names.join(', ')}, and phones call ${host}`,
      `create a certificate for ${host}, or set ESIM_SMDP_ADDRESS`,
    );
  const where = role === 'ci' || found.has_key ? '' : ', its key in a token (esim pki check)';
  return ok(role, `${file}, ${days} days left${where}`);
}

/** The private keys are in files that only their owner may read. */
function keyFilesCheck(pkiDir: string, files: readonly string[]): Check[] {
  const open = files.filter((file) => /(^|\/)SK_|\.key$/i.test(file) && othersMayRead(join(pkiDir, file)));
  const [first] = open;
  if (first === undefined) return [];
  const detail = `other users can read ${open.length} private keys, such as ${first}`;
  return [problem('keys', 'warning', detail, `chmod -R go= ${pkiDir}`)];
}
