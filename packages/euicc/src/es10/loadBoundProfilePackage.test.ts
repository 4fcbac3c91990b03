import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, encode, fromHex, readOne, tlv } from '@esim-rsp/codec';
import { ReplaceSessionKeysRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { errorReasons } from '@esim-rsp/sgp22/asn1/notification';
import { protect, splitIntoSegments } from '@esim-rsp/sgp22/bpp/protect';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { bound, type Failure, mustFail, mustInstall, ready } from '../loading.harness.ts';
import {
  type ChannelWords,
  type Commands,
  channel,
  commandsOf,
  packageOf,
  protectionFor,
} from '../package.harness.ts';
import { dpOn } from '../pki.harness.ts';
import { enlarged, testProfile } from '../profile.harness.ts';
import { type Binding, load } from '../server.harness.ts';

const dp = dpOn();
const dpPb = dp.dpPb.key;

test('a package that was put together by hand is installed', async () => {
  const { reader, binding } = ready();
  await mustInstall(reader, binding);
});

const channelFaults: Record<string, Partial<ChannelWords> & Pick<Failure, 'why'>> = {
  'a signature of another key': { key: generateSigningKey('P-256'), why: 'invalidSignature' },
  'a signature by the key of CERT.DPauth': { key: dp.dpAuth.key, why: 'invalidSignature' },
  'a signature over another otPK.EUICC': {
    euiccOtpk: generateSigningKey('P-256').verifyingKey.point,
    why: 'invalidSignature',
  },
  'the transactionId of another session': { transactionId: systemRandom(16), why: 'invalidTransactionId' },
  'another key type': { keyType: 0x80, why: 'unsupportedCrtValues' },
  'another key length': { keyLen: 0x20, why: 'unsupportedCrtValues' },
  'another remote operation': { remoteOpId: 2, why: 'unsupportedRemoteOperationType' },
  'a one-time key that is no point': {
    smdpOtpk: new Uint8Array(65).fill(4),
    why: 'incorrectInputValues',
  },
};

for (const [fault, { why, ...words }] of Object.entries(channelFaults))
  test(`InitialiseSecureChannel with ${fault} is ${why}(${errorReasons[why]})`, async () => {
    const { reader, binding } = ready();
    const segments = bound(binding, testProfile(), { words });
    await mustFail({ reader, binding }, segments, { at: 'initialiseSecureChannel', why });
  });

test('the checks of InitialiseSecureChannel come in their order', async () => {
  const key = generateSigningKey('P-256');
  const transactionId = systemRandom(16);
  const ordered: [Partial<ChannelWords>, Failure['why']][] = [
    [{ key, transactionId, keyType: 1, remoteOpId: 2 }, 'unsupportedRemoteOperationType'],
    [{ key, transactionId, keyType: 1 }, 'invalidTransactionId'],
    [{ key, keyType: 1 }, 'unsupportedCrtValues'],
  ];
  for (const [words, why] of ordered) {
    const { reader, binding } = ready();
    const segments = bound(binding, testProfile(), { words });
    await mustFail({ reader, binding }, segments, { at: 'initialiseSecureChannel', why });
  }
});

test('InitialiseSecureChannel without its signature is incorrectInputValues(1)', async () => {
  const { reader, binding } = ready();
  const [whole = concat()] = bound(binding);
  const signed = readOne(channel(binding, { key: dpPb })).content;
  const unsigned = tlv(0xbf23, signed.subarray(0, -67));
  const segment = concat(whole.subarray(0, 5), unsigned);
  await mustFail({ reader, binding }, [segment], {
    at: 'initialiseSecureChannel',
    why: 'incorrectInputValues',
  });
});

test('a package that ends with InitialiseSecureChannel is incorrectInputValues(1)', async () => {
  const { reader, binding } = ready();
  const segment = concat(fromHex('bf3605'), channel(binding, { key: dpPb }));
  await mustFail({ reader, binding }, [segment], {
    at: 'initialiseSecureChannel',
    why: 'incorrectInputValues',
  });
});

/** The segments, the one that begins with this tag having its last octet changed: an octet of the MAC. */
function withBrokenMac(segments: readonly Uint8Array[], tag: number): Uint8Array[] {
  const index = segments.findIndex(([first]) => first === tag);
  return segments.map((segment, i) =>
    i === index ? segment.map((octet, j) => (j === segment.length - 1 ? octet ^ 1 : octet)) : segment,
  );
}

/** The segments, the one that begins with this tag having lost its last octet. */
function withCut(segments: readonly Uint8Array[], tag: number): Uint8Array[] {
  const index = segments.findIndex(([first]) => first === tag);
  return segments.map((segment, i) => (i === index ? segment.subarray(0, -1) : segment));
}

const newKeys = encode(ReplaceSessionKeysRequest, {
  initialMacChainingValue: systemRandom(16),
  ppkEnc: systemRandom(16),
  ppkCmac: systemRandom(16),
});
const parts = [
  ['configureISDP', 0xa0],
  ['storeMetadata', 0x88],
  ['replaceSessionKeys', 0xa2],
  ['loadProfileElements', 0x86],
] as const;

for (const [at, tag] of parts) {
  const segments = (binding: Binding) =>
    bound(
      binding,
      testProfile(),
      at === 'replaceSessionKeys' ? { commands: { replaceSessionKeys: newKeys } } : {},
    );

  test(`a wrong MAC in ${at} is scp03tSecurityError(8)`, async () => {
    const { reader, binding } = ready();
    const broken = withBrokenMac(segments(binding), tag);
    await mustFail({ reader, binding }, broken, { at, why: 'scp03tSecurityError' });
  });

  test(`a segment of ${at} that was cut is scp03tStructureError(7)`, async () => {
    const { reader, binding } = ready();
    const cut = withCut(segments(binding), tag);
    await mustFail({ reader, binding }, cut, { at, why: 'scp03tStructureError' });
  });
}

test('segments of the profile in another order are scp03tSecurityError(8)', async () => {
  const { reader, binding } = ready();
  const segments = bound(binding);
  const first = segments.findIndex(([tag]) => tag === 0x86);
  assert.ok(segments.length > first + 2, 'the profile has more than one segment');
  const swapped = segments
    .with(first, segments[first + 1] as Uint8Array)
    .with(first + 1, segments[first] as Uint8Array);
  await mustFail({ reader, binding }, swapped, { at: 'loadProfileElements', why: 'scp03tSecurityError' });
});

test('a segment that comes twice is scp03tSecurityError(8)', async () => {
  const { reader, binding } = ready();
  const segments = bound(binding);
  const first = segments.findIndex(([tag]) => tag === 0x86);
  const repeated = segments.toSpliced(first, 0, segments[first] as Uint8Array);
  await mustFail({ reader, binding }, repeated, { at: 'loadProfileElements', why: 'scp03tSecurityError' });
});

test('keys for another EID or host are scp03tSecurityError(8) in ConfigureISDP', async () => {
  const { reader, binding } = ready();
  const begin = channel(binding, { key: dpPb });
  const otherKeys = protectionFor({ ...binding, hostId: systemRandom(16) });
  const segments = splitBoundProfilePackage(packageOf(begin, otherKeys, commandsOf(testProfile())));
  await mustFail({ reader, binding }, segments, { at: 'configureISDP', why: 'scp03tSecurityError' });
});

test('a counter that does not count 88 passes every MAC and garbles the profile', async () => {
  const { reader, binding } = ready();
  const { configureISDP, storeMetadata, loadProfileElements } = commandsOf(enlarged(testProfile(), 500));
  const first = protect(protectionFor(binding), splitIntoSegments(0x87, configureISDP));
  const second = protect(first.protection, splitIntoSegments(0x88, storeMetadata));
  assert.ok(loadProfileElements.length % 1007 > 16, 'no segment is all garbled');
  const miscounted = { ...second.protection, counter: second.protection.counter - 1 };
  const third = protect(miscounted, splitIntoSegments(0x86, loadProfileElements));
  const begin = channel(binding, { key: dpPb });
  const whole = tlv(
    0xbf36,
    begin,
    tlv(0xa0, ...first.tlvs),
    tlv(0xa1, ...second.tlvs),
    tlv(0xa3, ...third.tlvs),
  );
  await mustFail({ reader, binding }, splitBoundProfilePackage(whole), {
    at: 'loadProfileElements',
    why: 'installFailedDueToPEProcessingError',
  });
});

test('lengths of parts that do not add up to that of the package are scp03tStructureError(7)', async () => {
  const { reader, binding } = ready();
  const [first = concat(), ...others] = bound(binding);
  const lengthened = first.map((octet, i) => (i === 4 ? octet ^ 1 : octet));
  assert.equal(lengthened[2], 0x82);
  await mustFail({ reader, binding }, [lengthened, ...others], {
    at: 'loadProfileElements',
    why: 'scp03tStructureError',
  });
});

const commandFaults: Record<string, { readonly commands: Partial<Commands> } & Failure> = {
  'a ConfigureISDP that is something else': {
    commands: { configureISDP: tlv(0xbf25) },
    at: 'configureISDP',
    why: 'incorrectInputValues',
  },
  'dpProprietaryData of more than 128 octets': {
    commands: { configureISDP: tlv(0xbf24, tlv(0xb8, tlv(0x80, new Uint8Array(125)))) },
    at: 'configureISDP',
    why: 'incorrectInputValues',
  },
  'metadata that cannot be read': {
    commands: { storeMetadata: fromHex('bf25035a0198') },
    at: 'storeMetadata',
    why: 'incorrectInputValues',
  },
  'metadata whose ICCID has no digits': {
    commands: { storeMetadata: fromHex('bf25105a0aaaaaaaaaaaaaaaaaaaaa91009200') },
    at: 'storeMetadata',
    why: 'incorrectInputValues',
  },
  'a profile name of 65 octets': {
    commands: {
      storeMetadata: tlv(
        0xbf25,
        tlv(0x5a, fromHex('98882001000000000099')),
        tlv(0x91),
        tlv(0x92, new Uint8Array(65)),
      ),
    },
    at: 'storeMetadata',
    why: 'incorrectInputValues',
  },
  'session keys of another length': {
    commands: { replaceSessionKeys: tlv(0xbf26, tlv(0x80, new Uint8Array(15))) },
    at: 'replaceSessionKeys',
    why: 'incorrectInputValues',
  },
  'a profile that is no sequence of profile elements': {
    commands: { loadProfileElements: fromHex('ffff') },
    at: 'loadProfileElements',
    why: 'installFailedDueToPEProcessingError',
  },
};

for (const [fault, { commands, at, why }] of Object.entries(commandFaults))
  test(`${fault} is ${why}(${errorReasons[why]}) at ${at}`, async () => {
    const { reader, binding } = ready();
    await mustFail({ reader, binding }, bound(binding, testProfile(), { commands }), { at, why });
  });

test('dpProprietaryData of 128 octets are accepted', () => {
  const { reader, binding } = ready();
  const configureISDP = tlv(0xbf24, tlv(0xb8, tlv(0x80, new Uint8Array(124))));
  assert.ok(load(reader, bound(binding, testProfile(), { commands: { configureISDP } })));
  assert.equal(reader.card().profiles.length, 1);
});
