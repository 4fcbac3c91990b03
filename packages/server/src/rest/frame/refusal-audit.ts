import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import type { FastifyRequest } from 'fastify';
import { apiKeyHash } from '../../accounts/accounts.ts';
import { createRefusalAudit } from '../../audit/refusals.ts';
import { clientAddressOf } from '../../limits/client-address.ts';
import { noNetworks } from '../../limits/networks.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import type { AuditStore } from '../../store/ports/audit.ts';
import { entryOf, targetsOf } from './audited.ts';
import type { Services } from './operation.ts';
import type { HttpProblem } from './problem.ts';

/** Writes down a call that was refused before its operation ran: a wrong key (401), or one without the permission (403). Never rejects. */
export type AuditRefusal = (
  request: FastifyRequest,
  operation: string,
  problem: HttpProblem,
) => Promise<void>;

export function refusalAudit({ store, limits, log }: Services<ApiKeyStore & AuditStore>): AuditRefusal {
  const write = createRefusalAudit(store);
  return async (request, operation, { status, code }) => {
    try {
      const address = clientAddressOf(request.raw, limits?.proxies ?? noNetworks);
      const who = request.caller ?? (await claimedBy(store, request));
      const targets = targetsOf({}, request, undefined);
      await write({
        ...entryOf(request, operation, address),
        account: who.account ?? '',
        ...(who.keyId !== undefined && { keyId: who.keyId }),
        targets,
        status,
        code,
      });
    } catch (error) {
      log?.error('a refused call could not be written into the audit log', {
        request_id: request.id,
        err: error,
      });
    }
  };
}

/** The account that a refused caller names, if it exists, and its key, if it has expired or was revoked. */
async function claimedBy(
  store: ApiKeyStore,
  { headers }: FastifyRequest,
): Promise<{ readonly account?: string; readonly keyId?: string }> {
  const { 'x-user-id': account, 'x-api-key': apiKey } = headers;
  if (typeof account !== 'string' || account === '' || account.length > 256) return {};
  const keys = await store.apiKeys(account);
  if (keys.length === 0) return {};
  const hash = typeof apiKey === 'string' ? apiKeyHash(apiKey) : undefined;
  const ended = hash && keys.find((key) => sameSecret(key.hash, hash));
  return { account, ...(ended !== undefined && { keyId: ended.id }) };
}
