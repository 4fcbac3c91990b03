import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { encodeWithBytes } from '@esim-rsp/codec';
import { EUICCInfo1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { verifyTlsChain } from '@esim-rsp/sgp22/pki/server-chain';
import { generateEid } from '../driver/euicc.ts';
import { Skipped } from '../driver/fixtures.ts';
import { type Bench, createDevice, type Section, type Sequence } from '../driver/sequence.ts';
import { connectEs9 } from '../driver/server.ts';

/** A handshake with the minimum of SGP.22 2.6.6.2, without a client certificate. */
async function handshake({ tlsUrl }: Bench) {
  const { hostname, port } = new URL(tlsUrl);
  const socket = connect({
    host: hostname,
    port: Number(port || 443),
    servername: hostname,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
    ecdhCurve: 'brainpoolP256r1:prime256v1',
    rejectUnauthorized: false, // the caller verifies it up to the CI
  });
  await once(socket, 'secureConnect');
  const agreed = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    certificate: socket.getPeerX509Certificate()?.raw ?? assert.fail('no certificate'),
  };
  socket.destroy();
  return agreed;
}

const tls12: Sequence = async (bench) => {
  const { protocol, cipher, certificate } = await handshake(bench);
  assert.deepEqual([protocol, cipher], ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256']);
  const trust = [bench.issuers.trusted, ...bench.issuers.others];
  const { hostname } = new URL(bench.tlsUrl);
  const verified = verifyTlsChain({ certificate, trust, now: Date.now(), host: hostname });
  assert.ok(verified.ok, verified.ok ? '' : verified.detail);
  if (verified.certificate.curve !== bench.issuers.curve)
    throw new Skipped(`the listener has a certificate on ${verified.certificate.curve}`);
  assert.ok(verified.certificate.dnsNames.length > 0, 'a dNSName');
  assert.equal(verified.certificate.registeredIds.length, 1);
};

const withoutClientCertificate: Sequence = async (bench) => {
  const { smdpAddress } = bench.server;
  const { euicc } = createDevice(bench, { eid: generateEid(bench.issuers), matchingId: '' });
  const euiccInfo1 = encodeWithBytes(EUICCInfo1, euicc.info);
  const request = { euiccChallenge: systemRandom(16), smdpAddress, euiccInfo1 };
  await connectEs9(bench.tlsUrl, smdpAddress).call('initiateAuthentication', request);
};

/** TLS of ES9+. */
export const tls: Section = {
  '4.3.17 TLS 1.2': tls12,
  '4.3.17 no client certificate': withoutClientCertificate,
};
