import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, decode, fromHex, toHex } from '@esim-rsp/codec';
import { ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import fc from 'fast-check';
import { answerTo, blocksOf, SELECT_ISD_R, selectedWith } from '../apdu.harness.ts';
import { type Card, exchange, execute, type Powered, powerOn } from '../index.ts';
import { bound, ready } from '../loading.harness.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import { downloaded, readerWith } from '../server.harness.ts';

const env = { random: systemRandom };
const reader = readerWith(newCard());
await downloaded(reader, dpOn());
/** With a profile and a notification. */
const card = reader.card();

/** Headers that lead somewhere, each with any P2 and data. */
const headers = ['80e211', '80e291', '81e211', '81e291', '00a404', '007000', '007080', '00c000', '80f200'];
const anyApdu = fc.oneof(
  fc.uint8Array({ maxLength: 270 }),
  fc
    .tuple(fc.constantFrom(...headers), fc.nat(3), fc.uint8Array({ maxLength: 255 }))
    .map(([header, p2, data]) => concat(fromHex(header), Uint8Array.of(p2, data.length), data)),
  fc.constantFrom('0070000001', '01a4040005a000000559', '00c0000000', '80e2910003bf2e00').map(fromHex),
);

/** Status words that a card of this kind may give. */
const WORDS = /(?:9000|61..|6c..|6700|688[124]|6985|6a8[01268]|6d00|6e00)$/;

/** Nothing but the session and the address may be another; channels stay in their bounds. */
function mustBeSound(before: Card, { card: after, channels }: Powered): void {
  assert.equal(after.profiles, before.profiles);
  assert.equal(after.notifications, before.notifications);
  assert.equal(after.credentials, before.credentials);
  assert.ok(channels.has(0) && [...channels.keys()].every((number) => number >= 0 && number <= 19));
  for (const { blocks = [] } of channels.values()) assert.ok(blocks.length <= 256);
}

test('any octets as APDUs are answered with a status word, and the card is sound', () => {
  fc.assert(
    fc.property(fc.array(anyApdu, { maxLength: 30 }), (apdus) => {
      let powered = powerOn(card);
      for (const apdu of [fromHex(SELECT_ISD_R.replace(' ', '')), ...apdus]) {
        const { response, ...next } = exchange(powered, apdu, env);
        assert.match(toHex(response), WORDS);
        assert.ok(response.length <= 258);
        powered = next;
        mustBeSound(card, powered);
      }
    }),
    { numRuns: 500 },
  );
});

const commands = ['bf2000', 'bf2200', 'bf2d00', 'bf2800', 'bf2b00', 'bf3c00', 'bf3e035c015a', 'bf2005', 'bf'];
const lengths = fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 8 });

test('any split of a command into blocks gives the same answer', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...commands),
      lengths.map((all) => all.map((one) => 1 + (one % 3))),
      (hex, split) => {
        const { sw, data } = execute(card, fromHex(hex), env);
        const terminal = selectedWith(card);
        assert.equal(answerTo(terminal, blocksOf(fromHex(hex), split)), toHex(data) + sw.toString(16));
        assert.equal(terminal.card(), card);
      },
    ),
  );
});

test('any split of the segments of a package into blocks installs the profile', () => {
  const { reader: prepared, binding } = ready();
  const segments = bound(binding);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1 }), (split) => {
      const terminal = selectedWith(prepared.card());
      // powerOn has ended the session: it is put back, as the terminal never lost power
      let powered: Powered = { ...terminal.powered(), card: prepared.card() };
      let last = new Uint8Array();
      const send = (apdu: string) => {
        const { response, ...next } = exchange(powered, fromHex(apdu), env);
        powered = next;
        return toHex(response);
      };
      for (const segment of segments) {
        const answer = answerTo({ ...terminal, send }, blocksOf(segment, filling(segment, split)));
        assert.equal(answer.slice(-4), '9000');
        last = fromHex(answer.slice(0, -4)) as typeof last;
      }
      const { finalResult } = decode(ProfileInstallationResult, last).profileInstallationResultData.value;
      assert.ok('successResult' in finalResult);
      assert.equal(powered.card.profiles.length, 1);
    }),
    { numRuns: 25 },
  );
});

/** The lengths over and over, until the segment is covered. */
function filling({ length }: Uint8Array, split: readonly number[]): number[] {
  const all: number[] = [];
  for (let sum = 0, i = 0; sum < length; i++) {
    const next = Math.max(split[i % split.length] ?? 255, Math.ceil(length / 250));
    all.push(next);
    sum += next;
  }
  return all;
}
