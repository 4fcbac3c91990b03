import assert from 'node:assert/strict';
import { subscription } from '../../harness/profiles.ts';
import type { Attack, Target } from '../attack.ts';
import type { Tenant } from '../second-tenant.ts';
import {
  common,
  everythingOf,
  type Items,
  itemsOf,
  type Request,
  send,
  settings,
  twoTenants,
  unknownItems,
  victim,
} from '../two-tenants.ts';

/** An operation as the OpenAPI document has it. */
type Described = {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly example: unknown;
};

/**
 * Where an operation may say that something is not available, because all accounts share the numbers of cards and the
 * MatchingIDs. It names no owner.
 */
const mayBeTaken: Readonly<Record<string, readonly (keyof Items)[]>> = {
  createEUICCProfile: ['iccid'],
  orderEUICCProfile: ['matching_id'],
  orderEUICCProfileOfType: ['matching_id'],
  confirmEUICCProfile: ['matching_id'],
};
const TAKEN = /"code":"(profile_not_available|matching_id_in_use)"/;

/** One tenant against every operation of the document, with the ids and names of another. */
export const isolation: readonly Attack[] = [
  {
    name: 'every operation answers a tenant about the items of another as about unknown ones',
    settings,
    run: async (target) => {
      const { attacker, owned } = await twoTenants(target);
      const mine = await itemsOf(target, attacker, 'type-of-the-attacker', 'MATCHING-ID-OF-ATTACKER');
      const places = (await operationsOf(target)).flatMap((operation) =>
        placesIn(operation).map((place) => ({ operation, owned, mine, ...place })),
      );
      assert.ok(places.length > 100, `only ${places.length} places were found: is the document whole?`);
      // What the victim sent with an Idempotency-Key, so that the attacker can send the same
      for (const one of places.filter(({ where }) => where === 'idempotency'))
        await send(target, place(await exampleOf(target, victim, one.operation), { ...one, items: owned }));
      const before = await everythingOf(target, victim, owned);
      for (const comparison of places.toSorted((a, b) => turnOf(a) - turnOf(b)))
        await compare(target, attacker, comparison);
      assert.ok(
        (await everythingOf(target, victim, owned)) === before,
        'something of the victim has changed',
      );
    },
  },
  {
    name: 'no operation takes the account, the kind or the target of its work from a query or a body',
    sample: true,
    settings,
    run: async (target) => {
      const { attacker, owned } = await twoTenants(target);
      const trusted = {
        account: victim.account,
        kind: 'es2',
        target: owned.webhookId,
        user_id: victim.account,
        keyId: owned.id,
      };
      for (const operation of await operationsOf(target))
        for (const [name, value] of Object.entries(trusted)) {
          if (operation.parameters.some((one) => one.name === name)) continue;
          const usual = await exampleOf(target, attacker, operation);
          const query = await send(target, { ...usual, path: `${usual.path}?${name}=${value}` });
          mustNotShow(owned, query.text);
          if (query.status === 403) {
            const { status } = await send(target, usual);
            assert.equal(status, 403, `${operation.operationId} is forbidden only with ?${name}`);
            continue;
          }
          assert.equal(query.status, 400, `${operation.operationId} takes ?${name}: ${query.text}`);
          if (operation.method === 'GET' || operation.example === undefined) continue;
          const body = await send(target, {
            ...usual,
            body: { ...(operation.example as object), [name]: value },
          });
          assert.equal(body.status, 400, `${operation.operationId} takes ${name} in its body: ${body.text}`);
        }
    },
  },
  {
    name: 'an event stream has the events of its own account only, wherever it begins',
    settings,
    run: async (target) => {
      const { attacker, owned } = await twoTenants(target);
      for (const id of ['0', owned.cursor, String(Number(owned.cursor) - 1)]) {
        const text = await streamed(target, { ...attacker.headers, 'last-event-id': id });
        assert.match(text, /^retry: 2000/);
        mustNotShow(owned, text);
      }
    },
  },
];

/** The operations that need a key. */
async function operationsOf(target: Target): Promise<readonly Described[]> {
  const { text } = await send(target, { method: 'GET', path: '/openapi.json', headers: {} });
  const { paths } = JSON.parse(text);
  return Object.entries<Record<string, never>>(paths).flatMap(([path, methods]) =>
    Object.entries<Record<string, never>>(methods).flatMap(
      ([method, { operationId, parameters = [], requestBody, security }]) => {
        if (Array.isArray(security) && (security as unknown[]).length === 0) return [];
        const media = (requestBody as { content?: Record<string, { example?: unknown }> } | undefined)
          ?.content;
        const example = media?.['application/json']?.example;
        return [
          { operationId, method: method.toUpperCase(), path, parameters, example } as unknown as Described,
        ];
      },
    ),
  );
}

type Place = {
  readonly where: 'path' | 'query' | 'body' | 'user' | 'idempotency';
  readonly name: keyof Items;
  /** What a query calls it; absent: the same. */
  readonly parameter?: string;
};

/** Parameters of queries with other names than those of what they look for. */
const lookFor: Readonly<Record<string, readonly (keyof Items)[]>> = {
  key_id: ['id'],
  person_id: ['personId'],
  target: ['iccid', 'webhookId', 'personId'],
  q: ['iccid', 'imsi', 'eid', 'matching_id', 'transactionId', 'personId', 'upstream'],
  text: ['iccid', 'profile_type'],
};

/** Where a request can name an item of another tenant. */
function placesIn({ operationId, method, path, parameters, example }: Described): readonly Place[] {
  const names = parameters.filter((one) => one.in !== 'header');
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  for (const name of inPath)
    assert.ok(name in unknownItems || name in common, `${operationId}: two-tenants.ts has no ${name}`);
  const known = (name: string): name is keyof Items => name in unknownItems;
  const members = ['iccid', 'matching_id', 'eid', 'profile_type'] as const;
  return [
    ...inPath.filter(known).map((name) => ({ where: 'path', name }) as const),
    ...names
      .filter((one) => one.in === 'query')
      .map(({ name }) => name)
      .flatMap((parameter): readonly Place[] =>
        (known(parameter) ? [parameter] : (lookFor[parameter] ?? [])).map((name) => ({
          where: 'query',
          name,
          parameter,
        })),
      ),
    ...(example === undefined ? [] : members.map((name) => ({ where: 'body', name }) as const)),
    { where: 'user', name: 'id' },
    ...(method === 'POST' ? [{ where: 'idempotency', name: 'matching_id' } as const] : []),
  ];
}

/** Reads come first, because the audit log has what the attacker named; and bodies last, because they create what they name: orders before that. */
function turnOf({ operation, where }: Comparison): number {
  if (where === 'body') return /\/(order|confirm)$/.test(operation.path) ? 2 : 3;
  return operation.method === 'GET' ? 0 : 1;
}

type Comparison = Place & { readonly operation: Described; readonly owned: Items; readonly mine: Items };

async function compare(
  target: Target,
  attacker: Tenant,
  { operation, owned, mine, where, name, parameter }: Comparison,
): Promise<void> {
  const what = `${operation.operationId} with ${name} in the ${where} ${parameter ?? ''}`;
  const ask = async (items: Items) => {
    const request = place(await exampleOf(target, attacker, operation), {
      operation,
      where,
      name,
      ...(parameter !== undefined && { parameter }),
      mine,
      items,
    });
    const { status, text } = await send(target, request);
    return {
      status,
      text: withoutChance(text.replace(new RegExp(`\\b${items[name]}\\b`, 'g'), 'ITEM')),
    };
  };
  const [foreign, unknown] = [await ask(owned), await ask(where === 'body' ? neverUsed() : unknownItems)];
  mustNotShow({ ...owned, [name]: undefined }, foreign.text);
  if (where === 'body' && foreign.status === 409 && mayBeTaken[operation.operationId]?.includes(name))
    return assert.match(foreign.text, TAKEN, what);
  // A cursor is a place among the events of all accounts: what comes after it are the caller's own
  if (name !== 'cursor') assert.deepEqual(foreign, unknown, what);
}

/** The example of an operation with the names of one tenant's items at one place. */
function place(
  usual: Request,
  {
    operation,
    where,
    name,
    parameter = name,
    mine,
    items,
  }: Omit<Comparison, 'owned'> & { readonly items: Items },
): Request {
  const value = items[name];
  switch (where) {
    case 'path':
      return { ...usual, path: pathOf(operation, { ...mine, [name]: value }) };
    case 'query':
      return { ...usual, path: `${usual.path}?${parameter}=${encodeURIComponent(value)}` };
    case 'body':
      return { ...usual, body: withMember(usual.body, name, value) };
    case 'user':
      return {
        ...usual,
        headers: { ...usual.headers, 'x-user-id': items === unknownItems ? 'nobody' : victim.account },
      };
    case 'idempotency':
      return {
        ...usual,
        headers: { ...usual.headers, 'idempotency-key': `${operation.operationId}-${value}` },
      };
  }
}

function withMember(body: unknown, name: string, value: string): unknown {
  const { parameters } = body as { parameters?: object };
  if (name === 'iccid' && parameters !== undefined)
    return { ...(body as object), parameters: { ...parameters, iccid: value } };
  return { ...(body as object), [name]: value };
}

/** A request that is right: about unknown items, with the example of the document and numbers that nobody has. */
async function exampleOf(target: Target, { headers }: Tenant, operation: Described): Promise<Request> {
  const { method, example } = operation;
  const own = /\/order$|\/confirm$/.test(operation.path) ? await ordered(target, headers, operation) : {};
  const path = pathOf(operation, { ...unknownItems, ...own });
  const isCsv = operation.operationId === 'importEUICCProfiles';
  if (isCsv)
    return { method, path, headers: { ...headers, 'content-type': 'text/csv' }, body: 'iccid,imsi,ki,opc\n' };
  return { method, path, headers, ...(example !== undefined && { body: fresh(example as object) }) };
}

/** A profile of the tenant that the operation can order or confirm, and its type. */
async function ordered(
  target: Target,
  headers: Tenant['headers'],
  { path }: Described,
): Promise<Partial<Items>> {
  const parameters = subscription();
  const body = { parameters, profile_type: 'basic' };
  const url = '/api/v1/esim/euicc-profiles';
  await send(target, { method: 'POST', path: url, headers, body });
  if (path.endsWith('/confirm'))
    await send(target, {
      method: 'POST',
      path: `${url}/${parameters.iccid}/order`,
      headers,
      body: { confirm: false },
    });
  return { iccid: parameters.iccid };
}

/** The example with numbers that no call has used. */
function fresh(example: object): object {
  const { parameters, iccid_start, profile_type, email } = example as Readonly<Record<string, unknown>>;
  const next = subscription();
  return {
    ...example,
    ...(email !== undefined && { email: `p${next.iccid}@example.com` }),
    ...(parameters !== undefined && { parameters: { ...(parameters as object), iccid: next.iccid } }),
    ...(iccid_start !== undefined && { iccid_start: next.iccid.slice(0, 18), imsi_start: next.imsi }),
    ...(iccid_start !== undefined && profile_type !== undefined && { profile_type: `type ${next.iccid}` }),
  };
}

function pathOf({ path }: Described, items: Items): string {
  return path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent({ ...items, ...common }[name as keyof Items | keyof typeof common]),
  );
}

/** Unknown items that a call may create, so that later calls need others. */
function neverUsed(): Items {
  const { iccid } = subscription();
  return { ...unknownItems, iccid, matching_id: `NOBODY-${iccid}`, profile_type: `nobody-${iccid}` };
}

/** What the server generates differs between two calls that are answered alike. */
function withoutChance(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/"(iccid|imsi|iccid_start|imsi_start|instance|ticket|path|email)":"[^"]*"/g, '"$1":"…"')
    .replace(
      /"(id|api_key|secret|activation_code|apple|android|windows|ki|opc|adm1|pin1|pin2|puk1|puk2|k(?:ic|id|ik)\d+)":("[^"]*"|\d+)/g,
      '"$1":"…"',
    )
    .replace(/"(last_operation_date|release_date|bytes)":\d+/g, '"$1":0')
    .replace(/"iccids":\[[^\]]*\]/g, '"iccids":[]')
    .replace(/[0-9A-Z]{5}(-[0-9A-Z]{5}){3}/g, 'MATCHING-ID')
    .replaceAll(/89\d{17,18}/g, 'ICCID');
}

/** The attacker sees nothing of the victim; what it sent itself is left out. */
function mustNotShow(owned: Partial<Items>, text: string): void {
  for (const name of [
    'iccid',
    'imsi',
    'matching_id',
    'profile_type',
    'id',
    'webhookId',
    'personId',
    'sessionId',
    'passkeyId',
  ] as const) {
    const value = owned[name];
    if (value !== undefined) assert.ok(!text.includes(value), `the ${name} of the victim is in ${text}`);
  }
  assert.ok(!text.includes(`"${victim.account}"`), `the name of the victim is in ${text}`);
}

/** What a stream sends within its first moments. */
async function streamed({ restUrl }: Target, headers: Readonly<Record<string, string>>): Promise<string> {
  const end = new AbortController();
  const url = `${restUrl}/api/v1/esim/events`;
  const { body } = await fetch(url, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: end.signal,
  });
  setTimeout(() => end.abort(), 900);
  let text = '';
  try {
    for await (const piece of body ?? []) text += Buffer.from(piece).toString();
  } catch (error) {
    assert.equal((error as Error).name, 'AbortError');
  }
  return text;
}
