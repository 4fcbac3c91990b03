import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode, fromHex } from '@esim-rsp/codec';
import type { OrderEUICCProfileRequest } from '@esim-rsp/sdk';
import { readPkiDirectory, writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import type { ServerStore } from '@esim-rsp/server/store/port';
import { openSqliteStore } from '@esim-rsp/server/store/sqlite';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { PPR1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { type Curve, generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { makeTestPki, testPkiFiles } from '@esim-rsp/sgp22/pki/maker';
import { type Iccid, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import { startWorld, subscription, type World } from '../../../e2e/world.ts';
import { drawEid } from './euicc.ts';
import type { Fixtures, OrderKind } from './fixtures.ts';

export type OwnServer = AsyncDisposable & {
  readonly url: string;
  /** A second server that has the Brainpool certificates only: a listener shows one certificate in TLS. */
  readonly tlsUrls: { readonly BRP: string };
  readonly smdpAddress: string;
  readonly pki: PkiFiles;
  readonly fixtures: Fixtures;
  readonly atOnce: number;
};

/** Starts our own server over TLS on free ports, with its own data folder and a PKI on both curves. */
export async function startOwnServer(): Promise<OwnServer> {
  await using opening = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'esim-sgp23-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [pkiDir, brpDir] = [join(folder, 'pki'), join(folder, 'pki-brp')];
  const [nist, brp] = [testPki('P-256'), testPki('brainpoolP256r1')];
  await writePkiDirectory(pkiDir, new Map([...nist, ...brp]));
  await writePkiDirectory(brpDir, brp);
  const world = opening.use(await startWorld({ ESIM_DATA_DIR: folder, ESIM_DOWNLOAD_ATTEMPTS: '5' }));
  const brpWorld = opening.use(await startWorld({ ESIM_PKI_DIR: brpDir }));
  const store = await openSqliteStore(join(folder, 'esim.db'));
  opening.defer(() => store.close());
  const pki = (await readPkiDirectory(pkiDir)) ?? assert.fail();
  const opened = opening.move();
  return {
    url: world.server.es9Url,
    tlsUrls: { BRP: brpWorld.server.es9Url },
    smdpAddress: world.server.smdpAddress,
    pki,
    fixtures: fixturesOf(world, store),
    atOnce: 8,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** CI, EUM and SM-DP+ on one curve; the SM-DP+ has the same OID on both. */
function testPki(curve: Curve): PkiFiles {
  const env = { random: systemRandom, now: Date.now(), drawKey: generateSigningKey };
  return testPkiFiles(makeTestPki({ ...env, curve, hosts: ['localhost'] }));
}

const CODE = '12345678';

/** How each kind is ordered by REST; all that have an EID are for the eUICC of the sequence. */
const wishes: Readonly<Record<OrderKind, OrderEUICCProfileRequest & { readonly linked?: true }>> = {
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
};

const icon = (length: number): Partial<StoreMetadataRequest> => ({
  iconType: 0,
  icon: new Uint8Array(length),
});

/** What REST cannot ask for is written into the store of the running server. */
const metadataOf: { readonly [K in OrderKind]?: Partial<StoreMetadataRequest> } = {
  ppr1: { profilePolicyRules: new Set([PPR1]) },
  icon: icon(500),
  'long-metadata': icon(1024),
  owner: { profileOwner: { mccMnc: fromHex('00f110'), gid1: fromHex('0102') } },
};

function fixturesOf(world: World, store: ServerStore): Fixtures {
  let events = 0;
  const expire = (iccid: Iccid) =>
    change(store, iccid, (profile) =>
      'order' in profile ? { ...profile, order: { ...profile.order, expiresAt: 1 } } : profile,
    );
  return {
    order: async (kind, issuers) => {
      const eid = drawEid(issuers);
      const { linked, matching_id: wanted, ...wish } = wishes[kind];
      const { data: stocked } = await world.api.createEUICCProfile({ parameters: subscription() });
      const iccid = parseIccid(stocked.iccid);
      const added = metadataOf[kind];
      if (added !== undefined) await change(store, iccid, (profile) => withMetadata(profile, added));
      const { data } = await world.api.orderEUICCProfile(iccid, {
        ...wish,
        ...(linked && { eid }),
        ...(wanted !== undefined && { matching_id: wanted && `${wanted}-${++events}` }),
      });
      if (kind === 'expired') await expire(iccid);
      const { confirmation_code: confirmationCode } = wish;
      const matchingId = data.matching_id ?? '';
      return { matchingId, eid, iccid, ...(confirmationCode !== undefined && { confirmationCode }) };
    },
    expire: async ({ iccid = assert.fail() }) => expire(iccid),
    stateOf: async ({ iccid = assert.fail() }) => (await world.api.getEUICCProfile(iccid)).data.state,
  };
}

function withMetadata(profile: Profile, added: Partial<StoreMetadataRequest>): Profile {
  const metadata = decode(StoreMetadataRequest, profile.metadata);
  return { ...profile, metadata: encode(StoreMetadataRequest, { ...metadata, ...added }) };
}

async function change(store: ServerStore, iccid: Iccid, to: (profile: Profile) => Profile): Promise<void> {
  const profile = (await store.profile(iccid)) ?? assert.fail(`there is no profile ${iccid}`);
  assert.equal(await store.save([{ profile: to(profile) }]), 'saved');
}
