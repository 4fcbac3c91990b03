import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromHex, toBase64 } from '@esim-rsp/codec';
import type { CreateEUICCProfileRequest, OrderEUICCProfileRequest } from '@esim-rsp/sdk';
import { readPkiDirectory, writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/test-pki';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { openStoreOf } from '../../../harness/database.ts';
import { subscription } from '../../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../../harness/server.ts';
import { startCallback } from './callback.ts';
import type { Es2Target } from './es2.ts';
import { generateEid } from './euicc.ts';
import type { Fixtures, OrderKind } from './fixtures.ts';
import { createGatewayTarget, type GatewayTarget } from './gateway.ts';

export type OwnServer = AsyncDisposable & {
  readonly url: string;
  /** A second server with Brainpool certificates only, because a listener uses one certificate. */
  readonly tlsUrls: { readonly BRP: string };
  readonly smdpAddress: string;
  readonly pki: PkiFiles;
  readonly fixtures: Fixtures;
  readonly es2: Es2Target;
  readonly gateway: GatewayTarget;
  readonly atOnce: number;
};

const settings = { ESIM_DOWNLOAD_ATTEMPTS: '5', ESIM_UPSTREAM_ALLOW_PRIVATE: '1' };

/** Starts our own server over TLS on free ports, with a new data folder and a PKI on both curves. */
export async function startOwnServer(): Promise<OwnServer> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'esim-sgp23-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [pkiDir, brpDir] = [join(folder, 'pki'), join(folder, 'pki-brp')];
  const [nist, brp] = [testPki('P-256'), testPki('brainpoolP256r1')];
  await writePkiDirectory(pkiDir, new Map([...nist, ...brp]));
  await writePkiDirectory(brpDir, brp);
  const server = opening.use(await startServer({ ...settings, ESIM_DATA_DIR: folder }));
  const brpServer = opening.use(await startServer({ ESIM_PKI_DIR: brpDir }));
  const store = await openStoreOf(folder);
  opening.defer(() => store.close());
  const pki = (await readPkiDirectory(pkiDir)) ?? assert.fail();
  const { reports } = opening.use(await startCallback(store, account.ESIM_BOOTSTRAP_USER_ID));
  const gateway = await createGatewayTarget(server, opening);
  const opened = opening.move();
  return {
    url: server.es9Url,
    tlsUrls: { BRP: brpServer.es9Url },
    smdpAddress: server.smdpAddress,
    pki,
    fixtures: createFixtures(server, store),
    es2: { ...(await createEs2Target(server, store, pki)), reports },
    gateway,
    atOnce: 8,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** CI, EUM and SM-DP+ on one curve; the SM-DP+ has the same OID on both. */
function testPki(curve: Curve): PkiFiles {
  const env = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  return testPkiFiles(makeTestPki({ ...env, curve, hosts: ['localhost'] }));
}

const CODE = '12345678';

/** The REST request for each kind of order. `eid` means that of the sequence. */
const requests: Readonly<Record<OrderKind, OrderEUICCProfileRequest & { readonly linked?: true }>> = {
  default: { linked: true, matching_id: '' },
  'default-cc': { linked: true, matching_id: '', confirmation_code: CODE },
  linked: { linked: true },
  'linked-cc': { linked: true, confirmation_code: CODE },
  open: {},
  'open-cc': { confirmation_code: CODE },
  event: { linked: true, matching_id: 'EVENT' },
  confirmed: { release: false },
  expired: {},
  ppr1: {},
  icon: {},
  'long-metadata': {},
  owner: {},
  ppk: {},
  'ppk-cc': { confirmation_code: CODE },
  'ppk-long-metadata': {},
};

/** Octets that start like a PNG, in base64. */
function icon(length: number): string {
  const octets = new Uint8Array(length);
  octets.set(fromHex('89504e470d0a1a0a'));
  return toBase64(octets);
}

const owner = { mcc_mnc: '00101', gid1: '0102' };
type Labels = Omit<CreateEUICCProfileRequest, 'parameters' | 'profile_package' | 'protection'>;

/** Metadata besides the name. */
const labelsOf: { readonly [K in OrderKind]?: Labels } = {
  ppr1: { profile_policy_rules: ['ppr1'], profile_owner: owner },
  icon: { icon: icon(500) },
  'long-metadata': { icon: icon(1024) },
  'ppk-long-metadata': { icon: icon(1024) },
  owner: { profile_owner: owner },
};

/** Profile parameters, from which the server builds the profile, or a package that it imports and protects. */
function createContent(kind: OrderKind) {
  const parameters = subscription();
  if (!kind.startsWith('ppk')) return { parameters };
  const { iccid, imsi, ki, opc } = parameters;
  const input = { iccid: parseIccid(iccid), imsi, ki: fromHex(ki), opc: fromHex(opc) };
  const upp = buildProfilePackage(completeParameters(input, systemRandom));
  return { profile_package: toBase64(upp), protection: 'ppk' as const };
}

const FOREIGN = 'somebody-else';

/** ES2+ of our own server, which accepts client certificates under the CI of either curve. */
async function createEs2Target(
  server: ServerProcess,
  store: ServerStore,
  pki: PkiFiles,
): Promise<Omit<Es2Target, 'reports'>> {
  const { ESIM_BOOTSTRAP_USER_ID: user } = account;
  await store.addAccount({ id: FOREIGN, name: FOREIGN, createdAt: 1 });
  for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
    const identity = { caCertificate: readCi(pki, curve).certificate.bytes };
    const requesterIdentifiers = ['sgp23'];
    await store.addOperator({ name: curve, account: user, identity, requesterIdentifiers, createdAt: 1 });
  }
  let types = 0;
  const stock = async () => {
    const profileType = `Test ${++types}`;
    const content = { parameters: subscription(), profile_type: profileType };
    const { data } = await server.api.createEUICCProfile(content);
    return { iccid: parseIccid(data.iccid), profileType };
  };
  return {
    url: server.es2Url ?? assert.fail(),
    functionRequesterIdentifier: 'sgp23',
    stock,
    foreign: async () => {
      const { iccid } = await stock();
      const profile = (await store.profile(iccid)) ?? assert.fail();
      assert.equal(await store.save([{ profile: { ...profile, account: FOREIGN } }]), 'saved');
      return { iccid };
    },
  };
}

function createFixtures(server: ServerProcess, store: ServerStore): Fixtures {
  let events = 0;
  return {
    order: async (kind, issuers) => {
      const eid = generateEid(issuers);
      const { linked, matching_id: wanted, ...request } = requests[kind];
      const content = { ...createContent(kind), ...labelsOf[kind] };
      const { data: stocked } = await server.api.createEUICCProfile(content);
      const iccid = parseIccid(stocked.iccid);
      const expiresAt = Math.floor(Date.now() / 1000) + 2;
      const { data } = await server.api.orderEUICCProfile(iccid, {
        ...request,
        ...(linked && { eid }),
        ...(kind === 'expired' && { expires_at: new Date(expiresAt * 1000).toISOString() }),
        ...(wanted !== undefined && { matching_id: wanted && `${wanted}-${++events}` }),
      });
      if (kind === 'expired') await sleep(expiresAt * 1000 - Date.now());
      const { confirmation_code: confirmationCode } = request;
      const matchingId = data.matching_id ?? '';
      return { matchingId, eid, iccid, ...(confirmationCode !== undefined && { confirmationCode }) };
    },
    expire: async ({ iccid = assert.fail() }) => expire(store, iccid),
    stateOf: async ({ iccid = assert.fail() }) => (await server.api.getEUICCProfile(iccid)).data.state,
  };
}

/** Changes the expiry in the store: REST cannot do this, and to wait for the expiry during a session would be unreliable. */
async function expire(store: ServerStore, iccid: Iccid): Promise<void> {
  const profile = (await store.profile(iccid)) ?? assert.fail(`there is no profile ${iccid}`);
  assert.ok('order' in profile);
  const changed = { ...profile, order: { ...profile.order, expiresAt: 1 } };
  assert.equal(await store.save([{ profile: changed }]), 'saved');
}
