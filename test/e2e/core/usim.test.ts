import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { startServer } from '../../harness/server.ts';
import { cardOf, expected } from './card.ts';
import { noHlr, startHlr } from './hlr.ts';

/** A profile that was downloaded authenticates in a real core network, whose HLR knows the same K and OPc. */

test('a downloaded profile answers the challenges of OsmoHLR, and they agree again after one that is not fresh', {
  skip: noHlr,
}, async () => {
  await using hlr = await startHlr();
  await using server = await startServer();
  const parameters = subscription();
  const { imsi, ki, opc } = parameters;
  await hlr.control(`SET subscriber.create ${imsi}`);
  await hlr.control(`SET subscriber.by-imsi-${imsi}.aud3g milenage,${ki},OPC,${opc},5`);
  const { iccid, activationCode } = await released(server, { parameters });
  await using device = await newPhone(server);
  await downloadBy(device, activationCode);
  await device.phone.enable(parseIccid(iccid));
  const { authenticate } = await cardOf(device.phone);

  const vectors = await hlr.vectors(imsi);
  assert.ok(vectors.length > 1);
  for (const vector of vectors) assert.equal(await authenticate(vector), expected(vector));
  const [old] = vectors;
  assert.ok(old);
  const [, auts] = /^dc0e(\w{28})9000$/.exec(await authenticate(old)) ?? [];
  assert.ok(auts, 'a challenge that was used');
  const [fresh] = await hlr.vectors(imsi, { rand: old.rand, auts });
  assert.ok(fresh);
  assert.equal(await authenticate(fresh), expected(fresh));
});
