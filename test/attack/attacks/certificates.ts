import assert from 'node:assert/strict';
import { join } from 'node:path';
import { LpaFailure } from '@esim-rsp/euicc';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type CertifiedKey, certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import {
  type CertificatePlan,
  extensions,
  withExtensions,
  withoutExtension,
} from '@esim-rsp/sgp22/pki/make-certificate';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { clientPlan } from '@esim-rsp/sgp22/pki/plans';
import { extendedKeyUsages } from '@esim-rsp/sgp22/pki/roles';
import { certifyUnder, makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { openSqliteStore } from '#server/store/sqlite/store';
import { es2Status } from '../../harness/es2-client.ts';
import { downloadBy, newPhone, nextEid } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';
import { type Chain, forgedChains } from '../forged-chains.ts';

const refusals = ['8.1.2/6.1', '8.1.2/6.3', '8.1.3/6.1', '8.1.3/6.3', '8.11.1/3.9'];
const maker = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };

/** Certificates that prove nothing. */
export const certificates: readonly Attack[] = [
  {
    name: 'an eUICC whose certificates are forged downloads nothing',
    run: async (target) => {
      const { iccid, activationCode } = await released(target);
      const pki = (await readPkiDirectory(target.pkiDir)) ?? assert.fail();
      const eid = nextEid();
      const { genuine, forged } = forgedChains(pki, eid, target.random);
      assert.ok(forged.length >= 38);
      for (const { name, ...chain } of forged)
        assert.ok(refusals.includes(await outcomeOf(target, eid, chain, activationCode)), name);
      assert.equal(await stateOf(target, iccid), 'RELEASED');
      assert.equal(await outcomeOf(target, eid, genuine, activationCode), 'downloaded');
    },
  },
  {
    name: 'a certificate that is not for TLS clients lets nobody call ES2+',
    sample: true,
    run: async (target) => {
      const ci = readCi((await readPkiDirectory(target.pkiDir)) ?? assert.fail(), 'P-256');
      const issue = (change: (plan: CertificatePlan) => CertificatePlan) =>
        certifyUnder(maker, ci, ({ issuer, ...own }) => change(clientPlan(own, 'client', issuer)));
      const good = issue((plan) => plan);
      const bad = [
        issue((plan) => withExtensions(plan, extensions.keyUsage('keyCertSign'))),
        issue((plan) => withoutExtension(plan, 'keyUsage')),
        issue((plan) => withExtensions(plan, extensions.extendedKeyUsage(extendedKeyUsages.serverAuth))),
        makeClient({ ...maker, now: Date.now() - 1000 * 86_400_000 }, 'expired'),
      ];
      await addOperators(target, [good, ...bad], ci);
      assert.equal(await es2Status(target, clientOf(good)), 200);
      for (const client of bad) assert.equal(await es2Status(target, clientOf(client)), 403);
    },
  },
  {
    name: 'nobody but a listed proxy can name a certificate in Client-Cert',
    sample: true,
    settings: { ESIM_ES2_CERT_PROXIES: '192.0.2.1' },
    run: async (target) => {
      const [shop, stranger] = [makeClient(maker, 'shop'), makeClient(maker, 'stranger')];
      await addOperators(target, [shop]);
      for (const value of forwardedForms(shop)) {
        assert.equal(await es2Status(target, undefined, { 'client-cert': value }), 401);
        assert.equal(await es2Status(target, clientOf(stranger), { 'client-cert': value }), 403);
      }
    },
  },
  {
    name: 'a proxy can name pinned certificates only',
    settings: { ESIM_ES2_CERT_PROXIES: '127.0.0.1,::1' },
    run: async (target) => {
      const ci = readCi((await readPkiDirectory(target.pkiDir)) ?? assert.fail(), 'P-256');
      const hub = certifyUnder(maker, ci, ({ issuer, ...own }) => clientPlan(own, 'hub', issuer));
      const shop = makeClient(maker, 'shop');
      await addOperators(target, [shop], ci);
      for (const value of forwardedForms(shop))
        assert.equal(await es2Status(target, undefined, { 'client-cert': value }), 200);
      for (const value of forwardedForms(hub))
        assert.equal(await es2Status(target, undefined, { 'client-cert': value }), 403);
      for (const value of forwardedForms(shop))
        assert.equal(await es2Status(target, undefined, { 'client-cert': `${value}, ${value}` }), 401);
    },
  },
];

/** The pair of codes with which the server refuses a card with this chain, or `downloaded`. */
async function outcomeOf(target: Target, eid: Eid, chain: Chain, activationCode: string): Promise<string> {
  await using phone = await newPhone(target, {
    eid,
    changed: (card) => ({
      ...card,
      credentials: card.credentials.map((credential) => ({ ...credential, ...chain })),
    }),
  });
  try {
    await downloadBy(phone, activationCode);
    return 'downloaded';
  } catch (error) {
    if (!(error instanceof LpaFailure) || error.status === undefined) throw error;
    return `${error.status.subjectCode}/${error.status.reasonCode}`;
  }
}

/** Operators with these pinned certificates, and one whose certificates this CA issues. All call themselves `shop`. */
async function addOperators(
  { dataDir }: Target,
  pinned: readonly CertifiedKey[],
  ca?: CertifiedKey,
): Promise<void> {
  const store = await openSqliteStore(join(dataDir, 'esim.db'));
  const by = { account: account.ESIM_BOOTSTRAP_USER_ID, createdAt: 1, requesterIdentifiers: ['shop'] };
  for (const [at, { certificate }] of pinned.entries())
    await store.addOperator({
      ...by,
      name: `pinned-${at}`,
      identity: { certificateSha256: sha256(certificate.bytes) },
    });
  if (ca !== undefined)
    await store.addOperator({ ...by, name: 'ca', identity: { caCertificate: ca.certificate.bytes } });
  await store.close();
}

function clientOf({ certificate, key }: CertifiedKey) {
  return { name: 'shop', cert: certificatePem(certificate), key: key.exportPem() };
}

function forwardedForms({ certificate }: CertifiedKey): readonly string[] {
  return [
    `:${Buffer.from(certificate.bytes).toString('base64')}:`,
    encodeURIComponent(certificatePem(certificate)),
  ];
}
