import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Curve, curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import { createSoftHsm, modulePath, type SoftHsm } from '#server/keys/token/softhsm.harness';
import { type EsimLoop, type Outcome, startEsimLoop } from '../../harness/esim.ts';

export const TOKEN = 'esim';
export const OID = '1.3.6.1.4.1.99999.7';

/** A token with the signing keys of a server, and the PKI folder that refers to them. */
export type Ceremony = Disposable & {
  readonly hsm: SoftHsm;
  /** The test PKI, with the key of its CI. */
  readonly ciDir: string;
  /** The PKI of the server, without private keys of DPauth and DPpb. */
  readonly pkiDir: string;
  /** What a process of the server needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly esim: (...args: string[]) => Promise<Outcome>;
};

/** Runs `esim` and asserts that it succeeds: its JSON. */
export async function succeed(result: Promise<Outcome>): Promise<Record<string, unknown>> {
  const { code, out, err } = await result;
  assert.equal(code, 0, err);
  return JSON.parse(out);
}

/**
 * Creates the keys of DPauth and DPpb in a token, with the commands of the guide, and their certificates under the CI of a test PKI. The
 * rest of the test PKI is copied: its CI, its EUM, and DPtls.
 */
export async function holdCeremony(wanted: readonly Curve[] = curves): Promise<Ceremony> {
  const hsm = createSoftHsm(TOKEN);
  const loop: EsimLoop = startEsimLoop();
  const [ciDir, pkiDir] = [join(hsm.folder, 'ci'), join(hsm.folder, 'pki')];
  const env = { ...hsm.env, ESIM_PKI_DIR: pkiDir, ESIM_PKCS11_PIN_FILE: hsm.pinFile };
  const esim = (...args: string[]) => loop.run({ cwd: hsm.folder, env }, ...args);
  const end = () => {
    loop[Symbol.dispose]();
    hsm[Symbol.dispose]();
  };
  try {
    await succeed(esim('pki', 'init', '--curve', 'both', '--dir', ciDir, '--json'));
    await createKeys({ esim, ciDir, pkiDir, folder: hsm.folder }, wanted);
  } catch (error) {
    end();
    throw error;
  }
  return { hsm, ciDir, pkiDir, env, esim, [Symbol.dispose]: end };
}

type Place = Pick<Ceremony, 'esim' | 'ciDir' | 'pkiDir'> & { readonly folder: string };

async function createKeys({ esim, ciDir, pkiDir, folder }: Place, wanted: readonly Curve[]): Promise<void> {
  mkdirSync(pkiDir, { mode: 0o700 });
  for (const name of ['EUM', 'DPtls']) cpSync(join(ciDir, name), join(pkiDir, name), { recursive: true });
  mkdirSync(join(pkiDir, 'CertificateIssuer'));
  for (const name of readdirSync(join(ciDir, 'CertificateIssuer')))
    if (name.startsWith('CERT'))
      cpSync(join(ciDir, 'CertificateIssuer', name), join(pkiDir, 'CertificateIssuer', name));
  for (const curve of wanted)
    for (const role of ['dp-auth', 'dp-pb']) {
      const file = (ending: string) => join(folder, `${role}-${curve}.${ending}`);
      const on = ['--curve', curve, '--json'];
      await succeed(esim('pki', 'create-key', role, '--module', modulePath, '--token', TOKEN, ...on));
      const subject = ['--oid', '2.999.10', '--organization', 'Example', '--country', 'DE'];
      await succeed(esim('pki', 'request', role, ...subject, '--out', file('csr'), ...on));
      await succeed(esim('pki', 'sign', file('csr'), '--out', file('pem'), '--dir', ciDir, '--json'));
      await succeed(esim('pki', 'import', file('pem'), '--json'));
    }
  for (const role of ['DPauth', 'DPpb'])
    assert.deepEqual(
      readdirSync(join(pkiDir, role)).filter((name) => name.endsWith('.pem')),
      [],
      'no private key is in a file',
    );
  assert.equal(existsSync(join(pkiDir, 'CertificateIssuer', 'SK_CI_ECDSA_NIST.pem')), false);
}
