import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiKeyPermission } from '@esim-rsp/sdk';
import { released } from '../../harness/profiles.ts';
import { account } from '../../harness/server.ts';
import type { Attack, Target } from '../attack.ts';

type Headers = Readonly<Record<string, string>>;

/** The code in the preview of install pages, which belongs to no profile. */
const EXAMPLE = /(?:carddata=)?LPA(?::|%3A)1(?:\$|%24)[^$"<]+?(?:\$|%24)EXAMPLE-ONLY/g;

/** Until a key of this test expires: enough to open a stream with it. */
const EXPIRES_MS = 6000;
/** Until when a stream must have ended, after its key was revoked or replaced, and when it expires by itself. */
const LIMITS_MS = [8000, 8000, EXPIRES_MS + 5000] as const;

/** What a key can do beyond its permissions, or after its end. */
export const keys: readonly Attack[] = [
  {
    name: 'a key without the permission codes gets no activation code from any operation that it may call',
    sample: true,
    run: async (target) => {
      const { iccid, activationCode } = await released(target);
      const matchingId = activationCode.split('$')[2] ?? assert.fail();
      const headers = await newKey(target, ['read', 'order', 'support']);
      for (const [method, path] of await pathsFor(target, iccid)) {
        const response = await fetch(target.restUrl + path, { method, headers });
        const body = Buffer.from(await response.arrayBuffer());
        const text = body.toString('latin1').replaceAll(EXAMPLE, '');
        const leaks = text.includes(matchingId) || /LPA:1|carddata/.test(text) || isImage(response);
        assert.ok(!leaks, `${method} ${path} shows the code`);
      }
    },
  },
  {
    name: 'an event stream ends within seconds after its key is revoked, replaced or expired',
    run: async (target) => {
      const streams = await Promise.all(
        [
          (id: string) => target.api.deleteApiKey(id),
          (id: string) => target.api.rotateApiKey(id, { overlap_seconds: 1 }),
          () => Promise.resolve(),
        ].map(async (end, i) => {
          const expires_at = i === 2 ? { expires_at: new Date(Date.now() + EXPIRES_MS).toISOString() } : {};
          const { data } = await target.api.createApiKey({ scope: 'read', ...expires_at });
          const body = await openStream(target, headersOf(data.api_key));
          await end(data.id);
          return body;
        }),
      );
      const texts = streams.map((body) => new Response(body).text());
      const limits = LIMITS_MS.map((ms) => sleep(ms, 'open', { ref: false }));
      for (const [i, text] of texts.entries()) assert.notEqual(await Promise.race([text, limits[i]]), 'open');
      await released(target); // what happens now is none of theirs
      for (const text of texts) assert.doesNotMatch(await text, /event: /);
    },
  },
  {
    name: 'no key reads codes or OTA keys of a profile, or creates a key that could, without the permission',
    sample: true,
    run: async (target) => {
      const { iccid } = await released(target);
      const post = async (path: string, headers: Headers, body: object) => {
        const response = await fetch(`${target.restUrl}/api/v1/esim${path}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        return [response.status, await response.text()] as const;
      };
      const secrets = `/euicc-profiles/${iccid}/secrets`;
      const tries = [
        [['read', 'order'], secrets, { kinds: ['pin'] }],
        [['support'], secrets, { kinds: ['adm1'] }],
        [['support'], secrets, { kinds: ['pin', 'ota_keys'] }],
        [['read', 'admin'], '/keys', { permissions: ['codes'] }],
        [['read', 'admin'], '/keys', { scope: 'order' }],
      ] as const;
      for (const [owned, path, body] of tries) {
        const [status, text] = await post(path, await newKey(target, [...owned]), body);
        assert.equal(status, 403, `${owned} ${path} ${JSON.stringify(body)}: ${text}`);
        assert.doesNotMatch(text, /"(?:pin1|puk1|adm1|ota_keys|api_key)"/);
      }
      const { data } = await target.api.createApiKey({ scope: 'admin' });
      const limited = await newKey(target, ['read', 'admin']);
      assert.equal((await post(`/keys/${data.id}/rotate`, limited, {}))[0], 403);
      const { data: audit } = await target.api.listAudit({
        target: iccid,
        operation: 'readEUICCProfileSecrets',
      });
      assert.ok(audit.entries.length === 3 && audit.entries.every(({ status }) => status === 403));
    },
  },
  {
    name: 'refused callers are in the audit log, and a flood of them adds a few entries a minute',
    settings: { ESIM_RATE_PER_ADDRESS: '0' },
    sample: true,
    run: async (target) => {
      const flood = Array.from({ length: 500 }, () =>
        fetch(`${target.restUrl}/api/v1/esim/keys`, { headers: headersOf('wrong') }),
      );
      for (const response of await Promise.all(flood)) assert.equal(response.status, 401);
      const { data } = await target.api.listAudit({ operation: 'listApiKeys', count: 1000 });
      const { length } = data.entries;
      assert.ok(length > 0 && length <= 15, `${length} entries`);
      assert.ok(data.entries.every(({ status, address }) => status === 401 && address !== undefined));
    },
  },
];

function headersOf(apiKey: string): Headers {
  return { 'x-user-id': account.ESIM_BOOTSTRAP_USER_ID, 'x-api-key': apiKey };
}

async function newKey({ api }: Target, permissions: ApiKeyPermission[]): Promise<Headers> {
  return headersOf((await api.createApiKey({ permissions })).data.api_key);
}

async function openStream({ restUrl }: Target, headers: Headers) {
  const response = await fetch(`${restUrl}/api/v1/esim/events`, {
    headers: { ...headers, accept: 'text/event-stream' },
  });
  assert.equal(response.status, 200);
  return response.body;
}

/** Every operation of the OpenAPI document, for one profile. Those that end its code come last. */
async function pathsFor({ restUrl }: Target, iccid: string): Promise<(readonly [string, string])[]> {
  const document = (await (await fetch(`${restUrl}/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace('{iccid}', iccid)] as const),
  );
  const isEnd = ([, path]: readonly [string, string]) => /cancel|retire|reset/.test(path);
  return [...all.filter((one) => !isEnd(one)), ...all.filter(isEnd)];
}

function isImage({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('image/') === true;
}
