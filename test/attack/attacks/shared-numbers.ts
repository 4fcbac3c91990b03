import assert from 'node:assert/strict';
import { runEsim } from '../../harness/esim.ts';
import { subscription } from '../../harness/profiles.ts';
import type { Attack } from '../attack.ts';
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
      const { code, err } = await runEsim(cli, 'account', 'reserve', victim.account, range);
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
];
