import { fromHex, toHex } from '@esim-rsp/codec';
import { filesOfRole, PkiError, type PkiFiles } from '@esim-rsp/sgp22/pki/files';

/** Key identifiers of the CIs of SGP.26 2.4, whose private keys GSMA publishes: P-256 and brainpoolP256r1. */
const SGP26_CIS = ['F54172BDF98A95D65CBEB88A38A1C11D800A85C3', 'C0BC70BA36929D43B467FF57570530E57AB8FCD8'];

/**
 * Returns a function that says whether anybody can create eUICCs under a CI: one that SGP.26 publishes, or one of a test PKI,
 * whose folder has the key of the CI or of an EUM.
 */
export function createPublicCiCheck(files: PkiFiles): (ciPKId: Uint8Array) => boolean {
  const ids = new Set(SGP26_CIS.map((id) => toHex(fromHex(id))));
  for (const id of [...keyHolders(files, 'ci'), ...keyHolders(files, 'eum')]) ids.add(toHex(id));
  return (ciPKId) => ids.has(toHex(ciPKId));
}

/** The CIs of those certificates of a role whose private keys are in the folder too. */
function keyHolders(files: PkiFiles, role: 'ci' | 'eum'): Uint8Array[] {
  const { certificates, keys } = readRole(files, role);
  const spkis = new Set(keys.map(({ key }) => toHex(key.verifyingKey.spki)));
  if (spkis.size === 0) return [];
  return certificates
    .filter(({ certificate }) => spkis.has(toHex(certificate.publicKey().spki)))
    .flatMap(({ certificate }) => {
      const id = role === 'ci' ? certificate.subjectKeyIdentifier : certificate.authorityKeyIdentifier;
      return id === undefined ? [] : [id];
    });
}

/** The server needs neither key, so a file that cannot be read does not prevent its start. */
function readRole(files: PkiFiles, role: 'ci' | 'eum'): ReturnType<typeof filesOfRole> {
  try {
    return filesOfRole(files, role);
  } catch (error) {
    if (error instanceof PkiError) return { certificates: [], keys: [], references: [], sealed: [] };
    throw error;
  }
}
