import assert from 'node:assert/strict';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';

const LIMIT = 20;

/** Choosing under which address one is counted. */
export const addresses: readonly Attack[] = [
  {
    name: 'a client cannot get around the limit of its address by what it or its proxy writes',
    alone: true,
    settings: { ESIM_TRUST_PROXY: '1', ESIM_RATE_PER_ADDRESS: String(LIMIT) },
    sample: true,
    run: async (target) => {
      const { random } = target;
      const any = () => `198.51.100.${random(256)}`;
      const spellings: readonly ((i: number) => string)[] = [
        () => '203.0.113.1',
        (i) => `203.0.113.2:${40_000 + i}`,
        (i) => `[2001:db8:1:1::8]:${40_000 + i}`,
        (i) => `2001:db8:1:2::8:${40_000 + i}`,
        (i) => `"[2001:db8:1:3::8]:${40_000 + i}"`,
        (i) => `fe80:0:0:4::1%eth${i}, 2001:db8:1:4::1%eth${i}`,
        () => `2001:db8:1:5:${random(65_536).toString(16)}::${random(65_536).toString(16)}`,
        (i) => (i % 2 ? '203.0.113.6' : '::ffff:203.0.113.6'),
        (i) => (i % 2 ? '203.0.113.7' : '::FFFF:cb00:7107'),
        () => `${any()}, 203.0.113.8`,
        () => `${any()},${any()} , 203.0.113.9:443, 10.0.0.1, 192.168.1.1:80`,
        () => `${any()}, unknown`,
      ];
      for (const spell of spellings) await exhaust(target, spell);
    },
  },
  {
    name: 'a client that no trusted proxy stands for cannot say where it comes from',
    alone: true,
    settings: { ESIM_TRUST_PROXY: '192.0.2.0/24,2001:db8::/32', ESIM_RATE_PER_ADDRESS: String(LIMIT) },
    run: (target) => exhaust(target, (i) => `203.0.113.${i}`),
  },
];

/** Calls three times as often as allowed; rejects if more than the limit get an answer. */
async function exhaust(target: Target, forwarded: (i: number) => string): Promise<void> {
  let answered = 0;
  for (let i = 0; i < 3 * LIMIT; i++) if ((await callFrom(target, forwarded(i))) !== 429) answered++;
  // The limit recovers while the calls last.
  assert.ok(
    answered >= LIMIT && answered < 2 * LIMIT,
    `${forwarded(0)}: ${answered} of ${3 * LIMIT} were answered`,
  );
}

async function callFrom({ restUrl }: Target, forwarded: string): Promise<number> {
  const headers = {
    'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
    'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
    'x-forwarded-for': forwarded,
  };
  const response = await fetch(`${restUrl}/api/v1/esim/euicc-profiles?count=1`, { headers });
  await response.arrayBuffer();
  return response.status;
}
