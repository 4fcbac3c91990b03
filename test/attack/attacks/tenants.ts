import assert from 'node:assert/strict';
import { released } from '../../harness/profiles.ts';
import type { Attack, Target } from '../attack.ts';
import { secondTenant, type Tenant } from '../second-tenant.ts';

/** What one account can learn about another, or do to it. */
export const tenants: readonly Attack[] = [
  {
    name: "a tenant gets the same answer for another's profile as for one that does not exist",
    sample: true,
    run: async (target) => {
      const [tenant, { iccid }] = await Promise.all([secondTenant(target), released(target)]);
      const unknown = '8988299999999999995';
      assert.equal(await answerFor(target, tenant, iccid), await answerFor(target, tenant, unknown));
    },
  },
];

/** Status and body of GET, the request id and the ICCID itself taken out. */
async function answerFor({ restUrl }: Target, { headers }: Tenant, iccid: string): Promise<string> {
  const response = await fetch(`${restUrl}/api/v1/esim/euicc-profiles/${iccid}`, { headers });
  const { request_id, ...body } = (await response.json()) as { request_id: string };
  assert.equal(request_id, response.headers.get('x-request-id'));
  return `${response.status} ${JSON.stringify(body).replaceAll(iccid, 'ICCID')}`;
}
