import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deleteProfile, sendNotifications } from '@esim-rsp/euicc';
import type { OrderEUICCProfileRequest } from '@esim-rsp/sdk';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { esimWithEmptyServer } from '../../harness/esim-with-server.ts';
import { downloadBy, newPhone, type TestPhone } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';

/** docs/guide/customers.md: each section is a case, whose commands are run as they are there. */

const { cwd, server, esim } = await esimWithEmptyServer();
writeFileSync(join(cwd, 'code.txt'), '2468');

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/customers.md'), 'utf8');
const sections = guide.split(/^## /m).slice(1);
const titleOf = (section: string) => section.slice(0, section.indexOf('\n'));

type Case = { readonly iccid: string; readonly activationCode: string; readonly phone: TestPhone };
type Scenario = {
  readonly type?: string;
  readonly order?: () => OrderEUICCProfileRequest;
  /** What the customer did. */
  readonly before?: (given: Case) => Promise<void>;
  readonly state: string;
  /** What the commands are to achieve. */
  readonly after: (given: Case) => Promise<void>;
};

const stateIs = (state: string) => async (given: Case) =>
  assert.equal(await stateOf(server, given.iccid), state);

async function install({ phone, activationCode }: Case): Promise<void> {
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
}

async function downloads({ phone, activationCode, iccid }: Case, code?: string): Promise<void> {
  const downloaded = await downloadBy(phone, activationCode, ...(code === undefined ? [] : [code]));
  assert.equal(downloaded.iccid, iccid);
}

async function onAnotherPhone(given: Case): Promise<void> {
  await using phone = await newPhone(server);
  await downloads({ ...given, phone });
}

/** Asks for help on the page of a new link. */
async function askForHelp({ iccid }: Case): Promise<void> {
  const { data } = await server.api.createInstallLink(iccid);
  const body = new URLSearchParams({ message: 'Where is the code?' });
  await fetch(`${data.url}/help`, { method: 'POST', body, redirect: 'manual' });
  const { data: asked } = await server.api.getInstallLink(iccid);
  assert.ok(asked.help_requested_at !== undefined);
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'The customer asks for help on the install page': {
    before: askForHelp,
    state: 'RELEASED',
    after: async (given) => {
      const { data: link } = await server.api.getInstallLink(given.iccid);
      assert.equal(link.help_requested_at, undefined, 'the new link is an answer');
      await downloads(given);
    },
  },
  'The customer does not want it': { state: 'RELEASED', after: stateIs('AVAILABLE') },
  'The confirmation code was wrong too often': {
    order: () => ({ confirmation_code: '1357' }),
    before: async ({ phone, activationCode }) => {
      const wrong = Array.from({ length: 5 }, () => '0');
      await assert.rejects(downloadBy(phone, activationCode, ...wrong));
    },
    state: 'ERROR',
    after: (given) => downloads(given, '2468'),
  },
  'The order has expired': {
    order: () => ({ expires_at: new Date(Date.now() + 4000).toISOString() }),
    before: async ({ iccid }) => {
      while ((await stateOf(server, iccid)) !== 'ERROR') await sleep(50);
    },
    state: 'ERROR',
    after: downloads,
  },
  'The download failed, or its result never came': {
    before: downloads,
    state: 'DOWNLOADED',
    after: onAnotherPhone,
  },
  'Somebody else has seen the activation code': {
    state: 'RELEASED',
    after: async (given) => {
      await assert.rejects(downloads(given));
      const { data } = await server.api.getEUICCProfile(given.iccid);
      assert.notEqual(data.activation_code, given.activationCode);
      await downloads({ ...given, activationCode: data.activation_code });
    },
  },
  'The customer has deleted the eSIM': {
    before: async (given) => {
      await install(given);
      await deleteProfile(given.phone.env.es10, parseIccid(given.iccid));
      await sendNotifications(given.phone.env);
    },
    state: 'DELETED',
    after: downloads,
  },
  'The customer has a new phone': {
    before: install,
    state: 'INSTALLED',
    after: async (given) => {
      await assert.rejects(downloads(given));
      await onAnotherPhone(given);
    },
  },
  'The phone is lost': {
    type: 'basic',
    before: async (given) => {
      await install(given);
      await server.api.createEUICCProfile({ parameters: subscription(), profile_type: 'basic' });
    },
    state: 'INSTALLED',
    after: async (given) => {
      await stateIs('UNAVAILABLE')(given);
      const { data } = await server.api.listEUICCProfiles({ profile_type: 'basic', state: 'RELEASED' });
      const [other, ...others] = data.euicc_profiles;
      assert.deepEqual(others, []);
      const links = async (iccid: string) =>
        (await server.api.getEUICCProfileHistory(iccid)).data.events.flatMap(
          ({ replaces, replaced_by }) => replaces ?? replaced_by ?? [],
        );
      assert.deepEqual(new Set(await links(given.iccid)), new Set([other?.iccid]));
      assert.deepEqual(new Set(await links(other?.iccid ?? '')), new Set([given.iccid]));
    },
  },
  'The customer wants to be forgotten': {
    before: install,
    state: 'INSTALLED',
    after: async ({ iccid }) => {
      await assert.rejects(server.api.getEUICCProfile(iccid), { status: 404 });
      const { data } = await server.api.getEUICCProfileHistory(iccid);
      assert.equal(data.events.length, 1);
    },
  },
};

test('every case of the guide is tried, and no other', () => {
  assert.deepEqual(sections.map(titleOf), Object.keys(scenarios));
});

for (const section of sections)
  test(`the commands of the guide: ${titleOf(section)}`, async () => {
    const { type, order, before, state, after } = scenarios[titleOf(section)] ?? assert.fail('no scenario');
    await using phone = await newPhone(server);
    const content = { parameters: subscription(), ...(type !== undefined && { profile_type: type }) };
    const given = { ...(await released(server, content, order?.())), phone };
    await before?.(given);
    await stateIs(state)(given);
    const commands = section.match(/^ {4}esim .+$/gm) ?? [];
    assert.ok(commands.length > 0);
    for (const command of commands) {
      const [, ...args] = command.trim().replaceAll('$ICCID', given.iccid).split(' ');
      const { code, err } = await esim(...args);
      assert.equal(code, 0, `${command}: ${err}`);
    }
    await after(given);
  });
