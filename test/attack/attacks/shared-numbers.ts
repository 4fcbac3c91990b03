import assert from 'node:assert/strict';
import { databaseIn } from '@esim-rsp/server/process/data';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { certificatePem } from '@esim-rsp/sgp22/pki/certificate';
import { makeClient } from '@esim-rsp/sgp22/pki/test-pki';
import { openSqliteStore } from '#server/store/sqlite/store';
import { callEs2, type OperatorClient } from '../../harness/es2-client.ts';
import { runEsim } from '../../harness/esim.ts';
import { subscription } from '../../harness/profiles.ts';
import type { Attack, Target } from '../attack.ts';
import { send, settings, twoTenants, victim } from '../two-tenants.ts';

/** What an account can find out about the ICCIDs of others, which all accounts share. */
export const sharedNumbers: readonly Attack[] = [
  {
    name: 'the answers about a reserved range of ICCIDs do not show which of them exist',
    sample: true,
    settings,
    run: async (target) => {
      const { attacker, owned } = await twoTenants(target);
      const range = owned.iccid.slice(0, 9);
      const cli = { cwd: target.dataDir, env: { ESIM_DATA_DIR: target.dataDir } };
      const { code, err } = await runEsim(cli, 'account', 'reservation', 'create', victim.account, range);
      assert.equal(code, 0, err);
      const answers = new Set<string>();
      for (const iccid of [owned.iccid, ...Array.from({ length: 5 }, () => subscription().iccid)]) {
        assert.ok(iccid.startsWith(range));
        const body = { parameters: { ...subscription(), iccid } };
        const create = {
          method: 'POST',
          path: '/api/v1/esim/euicc-profiles',
          headers: attacker.headers,
          body,
        };
        const { status, text } = await send(target, create);
        answers.add(`${status} ${text.replaceAll(iccid, 'ICCID')}`);
      }
      assert.deepEqual([...answers].length, 1, [...answers].join('\n'));
      assert.match([...answers].join(), /^409 .*"code":"profile_not_available"/);
    },
  },
  {
    name: 'an account cannot search for the ICCIDs of others without being slowed down, alone or in an import',
    settings: { ...settings, ESIM_RATE_PER_KEY: '100000' },
    run: async (target) => {
      const { attacker, owned } = await twoTenants(target);
      const guess = () => ({ parameters: { ...subscription(), iccid: owned.iccid } });
      const create = { method: 'POST', path: '/api/v1/esim/euicc-profiles', headers: attacker.headers };
      const statuses = await Promise.all(
        Array.from({ length: 30 }, async () => (await send(target, { ...create, body: guess() })).status),
      );
      assert.deepEqual(new Set(statuses), new Set([409]));
      const headers = { ...attacker.headers, 'content-type': 'application/x-ndjson' };
      const body = Array.from({ length: 1000 }, () => JSON.stringify(guess())).join('\n');
      const { text } = await send(target, { ...create, path: `${create.path}/import`, headers, body });
      const shown = text.split('"profile_not_available"').length - 1;
      assert.ok(shown < 500, `${shown} of 1000 rows say whether their ICCID exists`);
      const other = await send(target, { ...create, body: { parameters: subscription() } });
      assert.equal(other.status, 429, other.text);
      const victims = await send(target, {
        ...create,
        headers: victim.headers,
        body: { parameters: subscription() },
      });
      assert.equal(victims.status, 201, 'other accounts are not slowed down');
    },
  },
  {
    name: 'an operator cannot search for the MatchingIDs of other accounts over ES2+ without being slowed down',
    settings,
    run: async (target) => {
      const { attacker, owned } = await twoTenants(target);
      const operator = await operatorOf(target, attacker.account);
      const create = { method: 'POST', path: '/api/v1/esim/euicc-profiles', headers: attacker.headers };
      const parameters = subscription();
      assert.equal((await send(target, { ...create, body: { parameters } })).status, 201);
      const { iccid } = parameters;
      await callEs2(target, operator, 'downloadOrder', { iccid });
      const confirm = (matchingId: string) =>
        callEs2(target, operator, 'confirmOrder', { iccid, matchingId, releaseFlag: true });
      const answers: unknown[] = [];
      for (let i = 0; i < 100; i++) answers.push(await confirm(owned.matching_id));
      const shown = answers.filter((answer) => answer === '8.2.6/3.3').length;
      assert.ok(shown > 50 && shown < 90, `${shown} of 100 calls say whether their MatchingID exists`);
      assert.equal(answers.at(-1), '1.2/4.4');
      assert.equal(await confirm('A-FREE-ONE'), '1.2/4.4');
      const overRest = await send(target, { ...create, body: { parameters: subscription() } });
      assert.equal(overRest.status, 429, `REST and ES2+ have one limit: ${overRest.text}`);
    },
  },
];

/** An operator's system that may call ES2+ for an account. */
async function operatorOf({ dataDir }: Target, account: string): Promise<OperatorClient> {
  const maker = { random: systemRandom, now: Date.now(), generateKey: generateSigningKey };
  const { certificate, key } = makeClient(maker, 'searcher');
  const store = await openSqliteStore(databaseIn(dataDir));
  await store.addOperator({
    name: 'searcher',
    account,
    identity: { certificateSha256: sha256(certificate.bytes) },
    requesterIdentifiers: ['searcher'],
    createdAt: 1,
  });
  await store.close();
  return { name: 'searcher', cert: certificatePem(certificate), key: key.exportPem() };
}
