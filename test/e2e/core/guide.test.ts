import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPhone } from '@esim-rsp/phone';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { esimWithDemo } from '../../harness/esim-with-server.ts';
import { cardOf, expected } from './card.ts';
import { noHlr, ownAddress, startHlr } from './hlr.ts';

/** docs/guide/private-network.md: its commands are run as they are there, against a real OsmoHLR with the configuration of the guide. */

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/private-network.md'), 'utf8');
const [, configuration = ''] = /^```text\n(.*?)^```$/ms.exec(guide) ?? [];
const commands = [...guide.matchAll(/^npx esim (.+)$/gm)].map(([, line = '']) => line.split(' '));
const IMSI = '001010000099999';

const placeholders = ['CODE', 'NUMBER'] as const;

test('the commands of the guide lead from nothing to a card that answers the HLR', {
  skip: noHlr,
}, async () => {
  const { cwd, esim } = await esimWithDemo();
  const identity = makeClient(
    { random: systemRandom, now: Date.now(), generateKey: generateSigningKey },
    'us',
  );
  const certificate = certificatePem(identity.certificate);
  for (const [file, text] of Object.entries({
    'us.pem': certificate,
    'us.key': identity.key.exportPem(),
    'magma-ca.pem': certificate,
    'password.txt': 'free5gc\n',
  }))
    writeFileSync(join(cwd, file), text);
  const address = ownAddress();
  await using hlr = await startHlr(address, configuration.replaceAll('127.0.0.1', address));
  const values: Partial<Record<string, string>> = {};
  assert.ok(commands.length >= 20, 'the guide has commands');
  for (const words of commands) {
    const local = words.map((word) => values[word] ?? word.replace('ctrl://127.0.0.1', `ctrl://${address}`));
    assert.ok(!local.some((word) => placeholders.includes(word as never)), local.join(' '));
    if (words[1] === 'deliveries') await settled();
    const { code, out, err } = await esim(...local);
    const command = words.slice(0, 2).join(' ');
    if (words[1] === 'replay' || words[1] === 'send') assert.match(err, /the profile is not in use/);
    else assert.equal(code, 0, `${words.join(' ')}: ${err}`);
    if (command === 'profile order') values.CODE = /LPA:1\$\S+/.exec(out)?.[0] ?? assert.fail(out);
    if (command === 'core deliveries') values.NUMBER ??= /^(\d+) .* add .* delivered/m.exec(out)?.[1];
    if (words.includes('enable')) await mustAnswer(cwd);
    if (words.includes('remove')) assert.match(out, / remove .* delivered/);
  }

  async function settled(): Promise<void> {
    for (;;) {
      const { out } = await esim('core', 'deliveries', 'hlr', '--json');
      const { deliveries } = JSON.parse(out);
      const isRetired =
        JSON.parse((await esim('profile', 'show', '8988201000000009999', '--json')).out).state ===
        'UNAVAILABLE';
      const count = isRetired ? 2 : 1;
      if (
        deliveries.length >= count &&
        deliveries.every(({ state }: { state: string }) => state !== 'pending')
      )
        return;
      await sleep(100);
    }
  }

  async function mustAnswer(folder: string): Promise<void> {
    await using phone = await openPhone({ dataDir: join(folder, 'data'), name: 'lab' });
    const card = await cardOf(phone);
    for (const vector of await hlr.vectors(IMSI))
      assert.equal(await card.authenticate(vector), expected(vector));
  }
});
