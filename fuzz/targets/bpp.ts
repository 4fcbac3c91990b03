import { concat, DerError, readAll, tlv } from '@esim-rsp/codec';
import type { Card } from '@esim-rsp/euicc';
import { BppFailure } from '@esim-rsp/sgp22/bpp/failure';
import { expectedTags, openSegment, readFirstSegment, startOpening } from '@esim-rsp/sgp22/bpp/open';
import { verifySecureChannel } from '@esim-rsp/sgp22/bpp/secure-channel';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { deriveSessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import { computeSharedSecret } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { ready } from '../../packages/euicc/src/loading.harness.ts';
import { readPackage } from '../../packages/euicc/src/lpa/bound-profile-package.ts';
import {
  type Commands,
  channel,
  commandsOf,
  packageOf,
  protectionFor,
} from '../../packages/euicc/src/package.harness.ts';
import { dpOn, EID } from '../../packages/euicc/src/pki.harness.ts';
import { testProfile } from '../../packages/euicc/src/profile.harness.ts';
import { type Binding, load, readerWith } from '../../packages/euicc/src/server.harness.ts';
import { behindSelector, mutateDer } from '../mutate.ts';
import { published } from '../published.ts';
import { allowing, must, type Target } from '../target.ts';

/** The first octet selects whether the rest is a package, or its unprotected commands, which are changed before they are protected. */
const CLEAR = 1;
const REPLACE_KEYS = 0xbf26;

/** Bound Profile Packages, opened as an eUICC does, and loaded into an eUICC. */
export const bpp: Target = {
  name: 'bpp',
  open: () => {
    const { reader, binding } = ready();
    const card = reader.card();
    const profile = testProfile();
    const commands = commandsOf(profile);
    const replaceSessionKeys = tlv(
      REPLACE_KEYS,
      ...[0x80, 0x81, 0x82].map((tag) => tlv(tag, systemRandom(16))),
    );
    const clear = (commands: Commands) => concat(Uint8Array.of(CLEAR), wrapped(commands));
    const sealed = (commands: Commands) => concat(Uint8Array.of(0), sealedBy(binding, commands));
    return {
      seeds: [
        clear(commands),
        sealed(commands),
        clear({ ...commands, replaceSessionKeys }),
        ...published('session')
          .filter(([tag, second]) => tag === 0xbf && second === 0x36)
          .map((octets) => concat(Uint8Array.of(0), octets)),
      ],
      mutate: behindSelector(mutateDer, 2),
      run: (input) => {
        const rest = input.subarray(1);
        const bound = input[0] === CLEAR ? sealedBy(binding, unwrapped(rest)) : rest;
        readPackage(bound);
        const segments = allowing([DerError], () => splitBoundProfilePackage(bound)) ?? [bound];
        allowing([BppFailure], () => opened(segments, binding));
        mustBeLoaded(card, segments);
      },
    };
  },
};

/** Commands as a sequence of TLVs, so that they can be mutated together. */
function wrapped({ configureISDP, storeMetadata, replaceSessionKeys, loadProfileElements }: Commands) {
  return concat(
    tlv(0xa0, configureISDP),
    tlv(0xa1, storeMetadata),
    ...(replaceSessionKeys === undefined ? [] : [tlv(0xa2, replaceSessionKeys)]),
    tlv(0xa3, loadProfileElements),
  );
}

function unwrapped(octets: Uint8Array): Commands {
  const parts = allowing([DerError], () => readAll(octets)) ?? [];
  const part = (tag: number) => parts.find((one) => one.tag === tag)?.content;
  const replaceSessionKeys = part(0xa2);
  return {
    configureISDP: part(0xa0) ?? octets,
    storeMetadata: part(0xa1) ?? octets,
    ...(replaceSessionKeys !== undefined && { replaceSessionKeys }),
    loadProfileElements: part(0xa3) ?? octets,
  };
}

function sealedBy(binding: Binding, commands: Commands): Uint8Array {
  return packageOf(channel(binding, { key: dpOn().dpPb.key }), protectionFor(binding), commands);
}

function opened(segments: readonly Uint8Array[], binding: Binding): void {
  const [first, ...others] = segments as [Uint8Array, ...Uint8Array[]];
  const { request, remaining } = readFirstSegment(first);
  allowing([BppFailure], () =>
    verifySecureChannel(request, { ...binding, dpPb: dpOn().dpPb.key.verifyingKey }),
  );
  const sharedSecret = computeSharedSecret(binding.oneTimeKey, binding.euiccOtpk);
  let opening = startOpening(
    deriveSessionKeys({ sharedSecret, hostId: binding.hostId, eid: EID }),
    remaining,
  );
  for (const segment of others) {
    expectedTags(opening);
    opening = openSegment(opening, segment).opening;
  }
}

/** The card must answer with a status word or a readable result, and have a profile only if the result says so. */
function mustBeLoaded(before: Card, segments: readonly Uint8Array[]): void {
  const reader = readerWith(before);
  for (const segment of segments) {
    const { sw, data } = reader.transmit(segment);
    if (sw === 0x9000 && data.length === 0) continue;
    if (sw !== 0x9000 || data[0] !== 0xbf || data[1] !== 0x37) break; // the answer to another command
    const installed = reader.card().profiles.length > before.profiles.length;
    const result = load(readerWith(before), segments);
    const final = result?.profileInstallationResultData.value.finalResult;
    must(
      installed === (final !== undefined && 'successResult' in final),
      'the result does not match the card',
    );
    break;
  }
}
