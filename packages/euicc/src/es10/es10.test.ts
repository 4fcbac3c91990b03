import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, encode, equal, fromHex } from '@esim-rsp/codec';
import { CancelSessionRequest } from '@esim-rsp/sgp22/asn1/download';
import {
  DeleteProfileRequest,
  DisableProfileRequest,
  EnableProfileRequest,
  SetNicknameRequest,
} from '@esim-rsp/sgp22/asn1/es10';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import { type Card, execute } from '../index.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import { testProfile } from '../profile.harness.ts';
import {
  authenticated,
  authenticateServerRequest,
  boundSegments,
  challenge,
  downloaded,
  prepareDownloadRequest,
  prepared,
  readerWith,
} from '../server.harness.ts';
import { es10 } from './es10.ts';

const dp = dpOn();
const env = { random: systemRandom };

/** A command and a card that would take it. */
type Step = { readonly card: Card; readonly request: Uint8Array };

/** A command of every kind at every stage of a session, on a card with a profile. */
async function steps(): Promise<Step[]> {
  const reader = readerWith(newCard());
  const { profile } = await downloaded(reader, dp);
  const idle = reader.card();
  const euiccChallenge = challenge(reader);
  const challenged = reader.card();
  const session = authenticated(reader, dp);
  const waiting = reader.card();
  const binding = prepared(reader, dp);
  const segments = await boundSegments(idle, dp, binding, testProfile());
  const loading = segments.map((request) => {
    const card = reader.card();
    reader.transmit(request);
    return { card, request };
  });
  const refreshFlag = Uint8Array.of(0xff);
  const iccid = iccidToSwappedBcd(profile.iccid);
  const profileIdentifier = { iccid };
  const { transactionId } = session;
  return [
    ...simple.map((hex) => ({ card: idle, request: fromHex(hex) })),
    { card: idle, request: encode(EnableProfileRequest, { profileIdentifier, refreshFlag }) },
    { card: idle, request: encode(DisableProfileRequest, { profileIdentifier, refreshFlag }) },
    { card: idle, request: encode(DeleteProfileRequest, { profileIdentifier }) },
    { card: idle, request: encode(SetNicknameRequest, { iccid, profileNickname: 'Travel' }) },
    { card: challenged, request: authenticateServerRequest(dp, { euiccChallenge }) },
    { card: waiting, request: prepareDownloadRequest(dp, session, { hashCc: systemRandom(32) }) },
    { card: waiting, request: encode(CancelSessionRequest, { transactionId, reason: 0 }) },
    ...loading,
  ];
}

/** One command of each kind that needs no session. */
const simple = [
  'bf2000',
  'bf2200',
  'bf2804810204f0',
  'bf2b05a003800101',
  'bf2d055c035a9f70',
  'bf2e00',
  'bf3003800101',
  'bf340482020520',
  'bf3c00',
  'bf3e035c015a',
  'bf3f03800161',
  'bf4300',
];

const taken = await steps();

test('every function of ES10 is among the commands that are tried here, and each is taken as it is', () => {
  for (const { card, request } of taken) assert.equal(execute(card, request, env).sw, 0x9000);
  const tried = new Set(taken.map(({ request: [a = 0, b = 0] }) => a * 256 + b));
  const left = [...es10.keys()].filter((tag) => !tried.has(tag));
  assert.deepEqual(left, []);
});

test('an unknown command is 6A88, one that cannot be read 6A80, and the card is the same', () => {
  const card = newCard();
  const words: Record<string, number> = {
    bf3500: 0x6a88,
    bf4200: 0x6a88,
    '3000': 0x6a88,
    bf7f00: 0x6a88,
    '': 0x6a80,
    bf: 0x6a80,
    bf20: 0x6a80,
    bf2001: 0x6a80,
    bf200000: 0x6a80,
    bf208100: 0x6a80,
    bf3e00: 0x6a80,
    bf31028000: 0x6a80,
    '8600': 0x6985,
    bf3600: 0x6985,
  };
  for (const [hex, sw] of Object.entries(words)) {
    const outcome = execute(card, fromHex(hex), env);
    assert.equal(outcome.sw.toString(16), sw.toString(16), hex);
    assert.equal(outcome.data.length, 0);
    assert.equal(outcome.card, card);
  }
});

/** Whatever the card answers, it answers, and its profiles are the same. */
function mustKeepProfiles(card: Card, request: Uint8Array): void {
  const outcome = execute(card, request, env);
  assert.ok([0x9000, 0x6985, 0x6a80, 0x6a88].includes(outcome.sw));
  assert.equal(outcome.card.profiles, card.profiles);
}

const anyStep = fc.constantFrom(...taken);

test('arbitrary octets never throw and never change a profile, at any stage', () => {
  const tags = [...es10.keys()].map((tag) => Uint8Array.of(tag >> 8, tag & 0xff));
  const segments = ['bf36', 'a0', 'a1', 'a2', 'a3', '86', '87', '88'].map(fromHex);
  const octets = fc.uint8Array({ maxLength: 200 });
  const begun = fc.tuple(fc.constantFrom(...tags, ...segments), octets).map((parts) => concat(...parts));
  fc.assert(
    fc.property(anyStep, fc.oneof(octets, begun), ({ card }, request) => mustKeepProfiles(card, request)),
    { numRuns: 2000 },
  );
});

test('a command that breaks off never throws and never changes a profile', () => {
  fc.assert(
    fc.property(anyStep, fc.nat(), ({ card, request }, cut) =>
      mustKeepProfiles(card, request.subarray(0, cut % request.length)),
    ),
    { numRuns: 1000 },
  );
});

/** The step with one octet of its command changed. */
const mutatedStep = fc
  .tuple(anyStep, fc.nat(), fc.integer({ min: 1, max: 255 }))
  .map(([{ card, request }, index, by]) => {
    const at = index % request.length;
    return { card, request: request.map((octet, i) => (i === at ? octet ^ by : octet)), original: request };
  });

/** Commands that change profiles, and do so for another ICCID or name too. */
const profileCommands = [0xbf29, 0xbf31, 0xbf32, 0xbf33, 0xbf34];

test('a command with one changed octet never throws, and installs nothing', () => {
  fc.assert(
    fc.property(mutatedStep, ({ card, request, original }) => {
      const [first = 0, second = 0] = request;
      if (profileCommands.includes(first * 256 + second)) {
        const { profiles } = execute(card, request, env).card;
        assert.ok(profiles.length <= card.profiles.length);
        return;
      }
      assert.ok(!equal(request, original));
      mustKeepProfiles(card, request);
    }),
    { numRuns: 1500 },
  );
});

test('every octet of the last segment matters: changed, nothing is installed', () => {
  const { card, request } = taken.at(-1) as Step;
  assert.equal(execute(card, request, env).card.profiles.length, card.profiles.length + 1);
  for (const [at] of request.entries())
    mustKeepProfiles(
      card,
      request.map((octet, i) => (i === at ? octet ^ 0x01 : octet)),
    );
});

test('executing a command leaves the card that it was given as it was', () => {
  for (const { card, request } of taken) {
    const before = structuredClone(card);
    execute(card, request, env);
    assert.deepEqual(structuredClone(card), before);
  }
});
