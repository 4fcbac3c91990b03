import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '@esim-rsp/codec';
import { milenage } from '@esim-rsp/sgp22/crypto/milenage';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readAkaKeys } from '@esim-rsp/sgp22/profile/read-aka';
import { answerTo, type Terminal, terminalWith } from '../apdu.harness.ts';
import { type Card, cardFromJson, cardToJson, ISD_R } from '../index.ts';
import { newCard } from '../pki.harness.ts';
import { testProfile } from '../profile.harness.ts';

const AMF = fromHex('8000');
const SELECT_USIM = '00a4040407a0000000871002';

const profile = testProfile();
const installed = { ...profile, metadata: profile.metadata.bytes, aid: ISD_R, state: 'enabled' } as const;
const card: Card = { ...newCard(), profiles: [installed] };
const keys = readAkaKeys(profile.upp) ?? assert.fail('a package of parameters has keys');

/** What a network that knows the keys sends: RAND and AUTN for a sequence number. */
function challenge(seq: number, index = 0, wrong = 0) {
  const rand = systemRandom(16);
  const sqn = fromHex(((BigInt(seq) << 5n) | BigInt(index)).toString(16).padStart(12, '0'));
  const values = milenage(keys, { rand, sqn, amf: AMF });
  const hidden = sqn.map((octet, i) => octet ^ (values.ak[i] as number));
  const mac = values.macA.map((octet, i) => (i === 0 ? octet ^ wrong : octet));
  const autn = concat(hidden, AMF, mac);
  return { apdu: `0088008122 10${toHex(rand)} 10${toHex(autn)}`, rand, values };
}

function selected(of: Card = card): Terminal {
  const terminal = terminalWith(of);
  assert.match(answerTo(terminal, [SELECT_USIM]), /^62.*8407a0000000871002.*9000$/);
  return terminal;
}

test('the USIM answers a challenge of its network with RES, CK and IK', () => {
  const terminal = selected();
  const { apdu, values } = challenge(1);
  const { res, ck, ik } = values;
  assert.equal(answerTo(terminal, [apdu]), `db08${toHex(res)}10${toHex(ck)}10${toHex(ik)}9000`);
});

test('a challenge that is not fresh is answered with AUTS, from which the network reads the last number', () => {
  const terminal = selected();
  assert.match(answerTo(terminal, [challenge(7, 3).apdu]), /9000$/);
  for (const [seq, index] of [
    [7, 3],
    [6, 3],
    [7 + 2 ** 29, 3],
  ] as const) {
    const { apdu, rand } = challenge(seq, index);
    const auts = fromHex(/^dc0e(\w{28})9000$/.exec(answerTo(terminal, [apdu]))?.[1] ?? assert.fail(`${seq}`));
    const sqn = fromHex(((7n << 5n) | 3n).toString(16).padStart(12, '0'));
    const { macS, akStar } = milenage(keys, { rand, sqn, amf: new Uint8Array(2) });
    assert.deepEqual(
      auts,
      concat(
        sqn.map((octet, i) => octet ^ (akStar[i] as number)),
        macS,
      ),
    );
  }
  assert.match(answerTo(terminal, [challenge(6, 4).apdu]), /^db/, 'each index has its own numbers');
});

test('the numbers that were accepted are on the card without power', () => {
  const terminal = selected();
  const { apdu } = challenge(1);
  assert.match(answerTo(terminal, [apdu]), /^db/);
  const later = selected(cardFromJson(cardToJson(terminal.card())));
  assert.match(answerTo(later, [apdu]), /^dc/);
});

test('a network with other keys gets 9862, and learns nothing else', () => {
  const terminal = selected();
  assert.equal(answerTo(terminal, [challenge(1, 0, 1).apdu]), '9862');
  assert.equal(terminal.card(), card, 'the card is the same');
});

test('there is a USIM only while a profile is enabled, and AUTHENTICATE only when it is selected', () => {
  const { apdu } = challenge(1);
  assert.equal(terminalWith(card).send(apdu), '6985');
  const withoutProfile = terminalWith({ ...card, profiles: [{ ...installed, state: 'disabled' }] });
  assert.equal(withoutProfile.send(SELECT_USIM), '6a82');
  const terminal = selected();
  assert.equal(terminal.send(apdu.replace('00880081', '00880080')), '6a86', 'GSM');
  assert.equal(terminal.send('0088008102 1000'), '6700');
  assert.equal(terminal.send('00a4040010 a0000005591010ffffffff8900000100').slice(0, 2), '61');
  assert.equal(terminal.send(apdu), '6985', 'ISD-R is selected');
});
