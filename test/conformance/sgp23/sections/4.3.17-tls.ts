import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { verifyTlsChain } from '@esim-rsp/sgp22/pki/server-chain';
import { Skipped } from '../driver/fixtures.ts';
import type { Bench, Section, Sequence } from '../driver/sequence.ts';

/** What a handshake with the least that SGP.22 2.6.6.2 asks for agrees on, without a client certificate. */
async function handshake({ server }: Bench) {
  const { hostname, port } = new URL(server.url);
  const socket = connect({
    host: hostname,
    port: Number(port || 443),
    servername: hostname,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
    rejectUnauthorized: false, // checked by the caller, to the CI
  });
  await once(socket, 'secureConnect');
  const agreed = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    certificate: socket.getPeerCertificate().raw,
  };
  socket.destroy();
  return agreed;
}

const tls12: Sequence = async (bench) => {
  const { protocol, cipher, certificate } = await handshake(bench);
  assert.deepEqual([protocol, cipher], ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256']);
  const trust = [bench.issuers.trusted, ...bench.issuers.others];
  const { hostname } = new URL(bench.server.url);
  const verified = verifyTlsChain({ certificate, trust, now: Date.now(), host: hostname });
  assert.ok(verified.ok, verified.ok ? '' : verified.detail);
  if (verified.certificate.curve !== bench.issuers.curve)
    throw new Skipped(`the listener shows a certificate on ${verified.certificate.curve}`);
  assert.ok(verified.certificate.dnsNames.length > 0, 'a dNSName');
  assert.equal(verified.certificate.registeredIds.length, 1);
};

const withoutClientCertificate: Sequence = async (bench) => {
  assert.equal((await handshake(bench)).protocol, 'TLSv1.2');
};

/** TLS of ES9+. */
export const tls: Section = {
  '4.3.17 TLS 1.2': tls12,
  '4.3.17 no client certificate': withoutClientCertificate,
};
