import { concat, DerError, decode, encode, equal, readOne, tlv } from '@esim-rsp/codec';
import { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import {
  type CertificateView,
  type CertifiedKey,
  certificatePem,
  certificatesIn,
  readCertificate,
} from '@esim-rsp/sgp22/pki/certificate';
import { verifyEuiccChain } from '@esim-rsp/sgp22/pki/euicc-chain';
import { PkiError, pkiFilePath } from '@esim-rsp/sgp22/pki/files';
import { readTrust } from '@esim-rsp/sgp22/pki/pki-set';
import { verifyServerChain, verifyTlsChain } from '@esim-rsp/sgp22/pki/server-chain';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { Refusal } from '@esim-rsp/sgp22/status';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { pki, trust } from '../../test/harness/server-in-process.ts';
import { behindSelector, mutateDer } from '../mutate.ts';
import { published } from '../published.ts';
import { allowing, must, type Target } from '../target.ts';

const euicc = pki.euiccs[0] as CertifiedKey;
const genuine = [pki.ci, pki.eum, euicc, pki.dpAuth, pki.dpPb, pki.dpTls].map(
  ({ certificate }) => certificate,
);
const now = Date.now();

/** The first octet selects the rest: a certificate, or the content of one, to be signed by a CI, an EUM or its own key. */
const signers = [undefined, pki.ci, pki.eum, euicc];

/** Certificates and chains. A certificate without the signature of its issuer must never be accepted. */
export const certificate: Target = {
  name: 'certificate',
  open: () => ({
    seeds: [
      ...genuine.map(({ bytes }) => concat(Uint8Array.of(0), bytes)),
      ...published('sgp26').map((bytes) => concat(Uint8Array.of(0), bytes)),
      ...genuine.flatMap(({ value }) =>
        [1, 2, 3].map((signer) => concat(Uint8Array.of(signer), value.tbsCertificate.bytes)),
      ),
    ],
    mutate: behindSelector(mutateDer, signers.length),
    run: (input) => {
      const signer = signers[(input[0] ?? 0) % signers.length];
      const bytes = signer === undefined ? input.subarray(1) : signed(input.subarray(1), signer);
      const accepted = acceptedBy(bytes);
      must(
        !accepted || signer !== undefined || isGenuine(bytes),
        'a certificate without a valid signature is accepted',
      );
    },
  }),
};

function signed(tbs: Uint8Array, { key }: CertifiedKey): Uint8Array {
  const algorithm = encodeAlgorithm;
  return tlv(0x30, tbs, algorithm, tlv(0x03, Uint8Array.of(0), key.signDer(tbs)));
}

const encodeAlgorithm = readOne(pki.ci.certificate.bytes).children()[1]?.bytes as Uint8Array;

function isGenuine(bytes: Uint8Array): boolean {
  const { tbsCertificate } = decode(Certificate, bytes);
  return genuine.some(({ value }) => equal(value.tbsCertificate.bytes, tbsCertificate.bytes));
}

/** Whether any role accepts the certificate. */
function acceptedBy(bytes: Uint8Array): boolean {
  const view = allowing([DerError], () => readCertificate(bytes));
  if (view !== undefined) mustBeSteady(view);
  const servers = (['dp-auth', 'dp-pb', 'ds-auth'] as const).map(
    (role) => verifyServerChain({ certificate: bytes, role, trust, now }).ok,
  );
  const tls = verifyTlsChain({ certificate: bytes, trust, now, host: 'localhost', oid: '2.999.10' }).ok;
  const [euiccCertificate, eumCertificate] = [euicc.certificate, pki.eum.certificate];
  const asEuicc = allowing([Refusal], () =>
    verifyEuiccChain({ euiccCertificate: bytes, eumCertificate, now, trust }),
  );
  const asEum = allowing([Refusal], () =>
    verifyEuiccChain({ euiccCertificate, eumCertificate: bytes, now, trust }),
  );
  allowing([ValueError, DerError], () => trustCi(bytes)); // anyone can create a self-signed certificate
  allowing([PkiError], () => readTrust(new Map([[pkiFilePath('CERT', 'ci', 'P-256'), bytes]])));
  return tls || servers.includes(true) || asEuicc !== undefined || asEum !== undefined;
}

/** The certificate must be the same after writing and reading it, in DER and in PEM. */
function mustBeSteady(view: CertificateView): void {
  allowing([RangeError], () => view.publicKey());
  const [again] = certificatesIn(new TextEncoder().encode(certificatePem(view)));
  must(again !== undefined && equal(again, view.bytes), 'PEM holds another certificate');
  must(decode(Certificate, encode(Certificate, view.value)) !== undefined, 'it cannot be read again');
}
