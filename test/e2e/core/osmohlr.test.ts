import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendNotifications } from '@esim-rsp/euicc';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';
import { cardOf, expected } from './card.ts';
import { type Hlr, noHlr, ownAddress, startHlr } from './hlr.ts';

/** From nothing to a registered phone: the server sends subscriptions to a real OsmoHLR, whose vectors the card of the phone answers. */

const settings = { ESIM_CORE_ALLOW_PRIVATE: '1', ESIM_LOG_LEVEL: 'debug' };
const skip = noHlr;
const folder = mkdtempSync(join(tmpdir(), 'esim-core-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const infoOf = (hlr: Hlr, imsi: string) => hlr.control(`GET subscriber.by-imsi-${imsi}.info-all`);
const memberOf = (info: string, name: string) => new RegExp(`^${name}\t(.*)$`, 'm').exec(info)?.[1];

/** The deliveries to the core network, the oldest first, once there are so many and none is pending. */
async function settled({ api }: ServerProcess, count: number) {
  for (;;) {
    const { deliveries } = (await api.listCoreDeliveries('hlr', { sort: 'oldest', count: 1000 })).data;
    if (deliveries.length >= count && deliveries.every(({ state }) => state !== 'pending')) return deliveries;
    await sleep(50);
  }
}

const texts = (deliveries: Awaited<ReturnType<typeof settled>>) =>
  deliveries.map(({ type, state }) => `${type} ${state}`);

test('a profile that is released is in the HLR, its card answers the vectors of the HLR, and it leaves with the profile', {
  skip,
}, async () => {
  await using hlr = await startHlr();
  await using server = await startServer(settings);
  const { api } = server;
  await api.createCoreNetwork({ name: 'hlr', kind: 'osmohlr', url: hlr.url });
  const parameters = { ...subscription(), msisdn: '+15550100' };
  const { imsi, ki, opc } = parameters;
  const { iccid, activationCode } = await released(server, { parameters });
  assert.deepEqual(texts(await settled(server, 1)), ['add delivered']);
  const info = await infoOf(hlr, imsi);
  const members = ['aud3g.algo', 'aud3g.k', 'aud3g.opc', 'msisdn', 'nam_ps'];
  assert.deepEqual(
    members.map((name) => memberOf(info, name)),
    ['MILENAGE', ki, opc, '15550100', '1'],
  );
  await using device = await newPhone(server);
  await downloadBy(device, activationCode);
  await device.phone.enable(parseIccid(iccid));
  const card = await cardOf(device.phone);
  for (const vector of await hlr.vectors(imsi))
    assert.equal(await card.authenticate(vector), expected(vector));

  const sqn = memberOf(await infoOf(hlr, imsi), 'aud3g.sqn');
  assert.notEqual(sqn, '0');
  const [first] = await settled(server, 1);
  await api.replayCoreDelivery('hlr', first?.id ?? 0);
  assert.deepEqual(texts(await settled(server, 2)), ['add delivered', 'add delivered']);
  assert.equal(memberOf(await infoOf(hlr, imsi), 'aud3g.sqn'), sqn, 'a repetition begins no numbers anew');

  await device.phone.disable(parseIccid(iccid));
  await sendNotifications(device.env);
  await api.retireEUICCProfile(iccid);
  assert.equal(texts(await settled(server, 3)).at(-1), 'remove delivered');
  await assert.rejects(infoOf(hlr, imsi), /No such subscriber/);
  await api.replayCoreDelivery('hlr', first?.id ?? 0);
  assert.match((await settled(server, 4)).at(-1)?.last_error ?? '', /not in use/);
  await assert.rejects(infoOf(hlr, imsi), /No such subscriber/);
  const everything = JSON.stringify([await settled(server, 4), (await api.listCoreNetworks()).data]);
  for (const key of [ki, opc])
    assert.ok(!(everything + server.log()).toLowerCase().includes(key), 'no key is shown, nor logged');
});

test('what happens while the HLR is down waits, a server that is killed loses nothing, and its order stays', {
  skip,
}, async () => {
  const address = ownAddress();
  const url = `ctrl://${address}`;
  const ownSettings = { ...settings, ESIM_DATA_DIR: join(folder, 'killed') };
  const profiles: { readonly iccid: string; readonly imsi: string; readonly isRetired: boolean }[] = [];
  const order = async (server: ServerProcess, isRetired: boolean) => {
    const parameters = subscription();
    const { iccid } = await released(server, { parameters });
    profiles.push({ iccid, imsi: parameters.imsi, isRetired });
    if (isRetired) await server.api.cancelEUICCProfile(iccid, { final_state: 'UNAVAILABLE' });
  };
  const first = await startServer(ownSettings);
  await first.api.createCoreNetwork({ name: 'hlr', kind: 'osmohlr', url });
  await order(first, false);
  await until(async () => {
    const [one] = (await first.api.listCoreDeliveries('hlr')).data.deliveries;
    return one?.last_error !== undefined;
  });
  const waiting = (await first.api.getCoreNetwork('hlr')).data;
  assert.match(`${waiting.last_error} ${waiting.failing_since}`, /^the connection was refused 20/);
  await order(first, true);
  await first.kill();

  await using hlr = await startHlr(address);
  for (let round = 0; round < 3; round++) {
    const server = await startServer(ownSettings);
    for (let i = 0; i < 4; i++) await order(server, i === 3);
    await server.kill();
  }
  await using last = await startServer(ownSettings);
  const retired = profiles.filter(({ isRetired }) => isRetired);
  const deliveries = await settled(last, profiles.length + retired.length);
  assert.equal(deliveries.length, profiles.length + retired.length, 'none is lost, and none is there twice');
  for (const { imsi, isRetired } of profiles)
    if (isRetired) await assert.rejects(infoOf(hlr, imsi), /No such subscriber/);
    else assert.equal(memberOf(await infoOf(hlr, imsi), 'imsi'), imsi);
  assert.equal((await last.api.getCoreNetwork('hlr')).data.failing_since, undefined);
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}
