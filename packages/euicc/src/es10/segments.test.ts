import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex } from '@esim-rsp/codec';
import { bound, mustInstall, ready } from '../loading.harness.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import { authenticated, challenge, dataOf, load, prepared, readerWith } from '../server.harness.ts';

const dp = dpOn();

test('a segment out of order is 6985, and the right one after it is taken', async () => {
  const { reader, binding } = ready();
  const segments = bound(binding);
  const before = reader.card();
  for (const segment of segments.slice(1)) assert.equal(reader.transmit(segment).sw, 0x6985);
  assert.equal(reader.card(), before);
  for (const [i, segment] of segments.slice(0, -1).entries()) {
    dataOf(reader.transmit(segment));
    const held = reader.card();
    const next = segments[i + 1] as Uint8Array;
    for (const other of segments.filter(([tag]) => tag !== next[0])) {
      assert.equal(reader.transmit(other).sw, 0x6985, `${other[0]} after ${segment[0]}`);
      assert.equal(reader.card(), held);
    }
  }
  assert.notEqual(dataOf(reader.transmit(segments.at(-1) as Uint8Array)).length, 0);
  assert.equal(reader.card().profiles.length, 1);
});

test('a segment with an unknown tag is 6A88, and the loading goes on', async () => {
  const { reader, binding } = ready();
  const [first = concat(), ...others] = bound(binding);
  dataOf(reader.transmit(first));
  const before = reader.card();
  for (const unknown of ['a400', '8900', '8500', 'a482ffff', 'bf3700', 'bf2300'])
    assert.equal(reader.transmit(fromHex(unknown)).sw, 0x6a88, unknown);
  assert.equal(reader.card(), before);
  assert.ok(load(reader, others));
  assert.equal(reader.card().profiles.length, 1);
});

test('while a package is loaded, only a new challenge and CancelSession are taken', () => {
  const { reader, binding } = ready();
  dataOf(reader.transmit(bound(binding)[0] as Uint8Array));
  const before = reader.card();
  for (const request of ['bf2000', 'bf2200', 'bf2d00', 'bf2800', 'bf2b00', 'bf340482020560', 'bf3e035c015a'])
    assert.equal(reader.transmit(fromHex(request)).sw, 0x6985, request);
  assert.equal(reader.card(), before);
  challenge(reader);
  assert.equal(reader.card().session?.stage, 'challenged');
});

test('a package without its last segment leaves nothing, and a new download takes its one-time key', async () => {
  const { reader, binding } = ready();
  assert.equal(load(reader, bound(binding).slice(0, -1)), undefined);
  challenge(reader);
  assert.deepEqual([reader.card().profiles, reader.card().notifications], [[], []]);
  await mustInstall(reader, binding);
});

test('without PrepareDownload a package is 6985', () => {
  const segments = bound(prepared(readerWith(newCard()), dp));
  const reader = readerWith(newCard());
  const refuse = () => segments.every((segment) => reader.transmit(segment).sw === 0x6985);
  assert.ok(refuse(), 'without a session');
  challenge(reader);
  assert.ok(refuse(), 'after the challenge');
  authenticated(reader, dp);
  assert.ok(refuse(), 'after AuthenticateServer');
  assert.deepEqual(reader.card().notifications, []);
});
