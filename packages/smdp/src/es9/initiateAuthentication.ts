import { encodeWithBytes, equal, fromHex } from '@esim-rsp/codec';
import { ServerSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { SubjectKeyIdentifier } from '@esim-rsp/sgp22/asn1/common';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { type Checks, must, refusals } from '@esim-rsp/sgp22/status';
import { sameSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { CertificateSet, Env, OpenTransaction } from '../env.ts';
import type { Decision } from '../run.ts';
import type { JournalEntry } from '../state/journal.ts';
import type { Es9Function } from './es9-function.ts';
import { sign } from './signature.ts';

/** The checks of ES9+.InitiateAuthentication (5.6.1), in the order in which they are made. */
const checks = {
  addressRight: 'the address that the device has contacted is ours',
  svnSupported: 'the eUICC speaks version 2 of SGP.22',
  ciSupported: 'we trust a CI that the eUICC can sign for',
  certificateAvailable: 'we have a certificate that the eUICC can verify',
} as const satisfies Checks;

const refuse = refusals({
  addressRefused: [
    '8.8.1',
    '3.8',
    'this SM-DP+ has another address than the one the device has contacted',
    'addressRight',
  ],
  svnUnsupported: ['8.8.3', '3.1', 'this SM-DP+ serves eUICCs of SGP.22 version 2', 'svnSupported'],
  ciUnsupported: [
    '8.8.2',
    '3.1',
    'this SM-DP+ trusts none of the CIs that the eUICC can sign for',
    'ciSupported',
  ],
  certificateUnavailable: [
    '8.8.4',
    '3.7',
    'this SM-DP+ has no certificate that the eUICC can verify',
    'certificateAvailable',
  ],
});

type Request = Es9Request<'initiateAuthentication'>;
type Reply = Es9Response<'initiateAuthentication'>;

/** ES9+.InitiateAuthentication (5.6.1): opens a transaction, and proves who we are. It stores nothing. */
export const initiateAuthentication: Es9Function<Request, undefined, Reply> = {
  load: async () => undefined,
  decide,
  checks,
};

async function decide(request: Request, _found: undefined, env: Env): Promise<Decision<Reply>> {
  const info = request.euiccInfo1.value;
  must(sameSmdpAddress(request.smdpAddress, env.smdpAddress), () =>
    refuse.addressRefused(`it is ${env.smdpAddress}`),
  );
  must(info.svn[0] === 2, () => refuse.svnUnsupported(`the eUICC says ${info.svn.join('.')}`));
  const euiccCiPKIdToBeUsed = info.euiccCiPKIdListForSigning.find((id) =>
    env.trustedCiPKIds.some((trusted) => equal(trusted, id)),
  );
  must(euiccCiPKIdToBeUsed, refuse.ciUnsupported);
  const ours = findCertificates(info.euiccCiPKIdListForVerification, env.certificates);
  must(ours, refuse.certificateUnavailable);

  const opened = env.transactions.open({ smdpCiPKId: ours.ciPKId, euiccCiPKIdToBeUsed }, env.now);
  const serverSigned1 = encodeWithBytes(ServerSigned1, {
    transactionId: fromHex(opened.transactionId),
    euiccChallenge: request.euiccChallenge,
    serverAddress: env.smdpAddress,
    serverChallenge: opened.serverChallenge,
  });
  return {
    reply: {
      transactionId: opened.transactionId,
      serverSigned1,
      serverSignature1: await sign(ours.dpAuth, serverSigned1),
      euiccCiPKIdToBeUsed: encodeWithBytes(SubjectKeyIdentifier, euiccCiPKIdToBeUsed),
      serverCertificate: ours.dpAuth.certificate,
    },
    save: [],
  };
}

/** The journal entry of a call that opened a transaction. The call stores nothing, so AuthenticateClient adds it to the session. */
export function acceptedEntry({ openedAt }: OpenTransaction): JournalEntry {
  return {
    function: 'initiateAuthentication',
    at: openedAt,
    check: 'certificateAvailable' satisfies keyof typeof checks,
  };
}

/** Our certificates under the first CI, in the eUICC's order of preference, that it can verify. */
function findCertificates(
  verifiable: readonly Uint8Array[],
  certificates: readonly CertificateSet[],
): CertificateSet | undefined {
  for (const id of verifiable) {
    const found = certificates.find(({ ciPKId }) => equal(ciPKId, id));
    if (found !== undefined) return found;
  }
  return undefined;
}
