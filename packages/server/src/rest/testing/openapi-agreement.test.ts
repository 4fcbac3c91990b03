import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LightMyRequestResponse } from 'fastify';
import { DOC_ROUTES } from '../../docs/doc-files.ts';
import type { Operation } from '../frame/operation.ts';
import { DOCUMENTS } from '../openapi/documents.ts';
import { tries, unreachable } from '../openapi/openapi-tries.harness.ts';
import type { Try } from '../openapi/openapi-try.testdata.ts';
import { operations } from '../operations.ts';
import { callOperation as call } from './operation-call.harness.ts';
import { IDLE_KEY, type RestTest, restTest } from './rest.harness.ts';

/** That the running server and its document say the same: routes, parameters, bodies, statuses and their shapes. */

type Media = { readonly schema?: object; readonly example?: unknown };
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: object;
};
type Described = {
  readonly operationId: string;
  readonly parameters: readonly (Parameter & Media)[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, Media>; readonly headers?: object }
  >;
};

const shared = await restTest();
after(() => shared[Symbol.asyncDispose]());
const document = (await shared.call('/openapi.json', { by: null })).json();
const described = (operation: Operation): Described =>
  document.paths[operation.url.replace(/:(\w+)/g, '{$1}')][operation.method.toLowerCase()];

const ajv = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: false }).addSchema(
  document,
  'doc',
);
const converting = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: true });
converting.addSchema(document, 'doc');

/** The same schema where `$ref` leads into the document. */
function located(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"doc#/'));
}

function mustFit(schema: object, value: unknown, what: string): void {
  assert.ok(ajv.validate(located(schema), value), `${what}: ${ajv.errorsText()} in ${JSON.stringify(value)}`);
}

/** The routes that the server has, read from how Fastify prints its tree. */
function routes(): string[] {
  const found: string[] = [];
  const above: string[] = [];
  for (const line of shared.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part, methods] = /^([│├└─ ]*)(\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === undefined) continue;
    const depth = indent.length / 4;
    above[depth] = part;
    for (const method of methods?.split(', ') ?? [])
      found.push(`${method} ${above.slice(0, depth + 1).join('')}`);
  }
  return found.toSorted();
}

test('the server has the routes of the document and the documents themselves, and no other', () => {
  const inDocument = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  const expected = [...inDocument, ...['/', ...DOCUMENTS, ...DOC_ROUTES].map((path) => `GET ${path}`)];
  const heads = expected
    .filter((route) => route.startsWith('GET '))
    .map((route) => route.replace('GET', 'HEAD'));
  const found = routes().filter((route) => !/^[A-Z]+ \/\*$/.test(route)); // the pages for customers, with any method
  assert.deepEqual(found, [...expected, ...heads].toSorted());
});

/** What was answered to a status: the media types that it came in, and the words for programs of its errors. */
type Reached = Map<string, Set<string>>;

/** Asserts that an answer is one of those that the document has, in type and shape. */
function checkAnswer(
  { answers }: Operation,
  { operationId, responses }: Described,
  answer: LightMyRequestResponse,
  reached: Reached,
) {
  const status = String(answer.statusCode);
  const what = `${operationId} answered ${status}`;
  const documented = responses[status];
  assert.ok(documented, `${what}, which is not documented: ${answer.body}`);
  for (const name of Object.keys(documented.headers ?? {}))
    assert.ok(answer.headers[name] !== undefined, `${what} without ${name}`);
  const [type = ''] = String(answer.headers['content-type'] ?? '').split(';');
  const reported = (reached.get(status) ?? new Set()).add(type);
  reached.set(status, reported);
  if (documented.content === undefined) return assert.equal(answer.body, '', what);
  const chosen = answers[answer.statusCode];
  if (chosen?.chosenTypes?.includes(type)) {
    assert.ok(
      documented.description.includes(type),
      `${what} as ${type}, which the description does not name`,
    );
    if (/[/+]json$/.test(type))
      assert.ok(documented.description.includes(`(with ${Object.keys(answer.json()).join(', ')})`), what);
    return;
  }
  const media = documented.content[type];
  assert.ok(media, `${what} as ${type}, which is not documented`);
  if (/[/+]json$/.test(type)) mustFit(media.schema ?? {}, answer.json(), what);
  if (answer.statusCode >= 400) reported.add(answer.json().code);
}

/** A value that the schema does not take, as text of a query or path; undefined: it takes any text. */
function wrongText(schema: object): string | undefined {
  const candidates = ['?', '-1', '1e99', '1.5', 'x'.repeat(150)];
  return candidates.find(
    (text) => !converting.validate({ properties: { it: located(schema) } }, { it: text }),
  );
}

/** Bodies with one thing wrong that the document forbids. */
function wrongBodies(schema: object, good: object): object[] {
  const fits = ajv.compile(located(schema));
  const members = Object.keys(good);
  const without = members.map((name) =>
    Object.fromEntries(Object.entries(good).filter(([one]) => one !== name)),
  );
  const changed = members.flatMap((name) =>
    [{}, [[]], 'x', -1, null].map((value) => ({ ...good, [name]: value })),
  );
  const more = [{ ...good, unknown_member: 1 }, [], [good]];
  return [...without, ...changed, ...more].filter((body) => !fits(body));
}

/** What every operation is tried with, whatever it does. */
async function commonTries(
  api: RestTest,
  operation: Operation,
  check: (answer: LightMyRequestResponse) => void,
) {
  const { parameters, requestBody } = described(operation);
  check(await call(api, operation, { query: '?no_such_parameter=1' }));
  if (!operation.open) check(await call(api, operation, { by: null }));
  if (!operation.open) check(await call(api, operation, { headers: { 'x-api-key': IDLE_KEY } }));
  for (const { name, in: place, schema } of parameters) {
    const wrong = wrongText(schema);
    const given = (text: string) =>
      place === 'path' ? { path: { [name]: text } } : { query: `?${name}=${encodeURIComponent(text)}` };
    if (wrong !== undefined) {
      const answer = await call(api, operation, given(wrong));
      assert.equal(answer.statusCode, 400, `${name}=${wrong} is forbidden by the document: ${answer.body}`);
      check(answer);
    }
    if (place === 'path') check(await call(api, operation, given('9'.repeat(201))));
  }
  if (operation.method === 'GET' || operation.method === ('DELETE' as string)) return;
  const json = { headers: { 'content-type': 'application/json' } };
  check(await call(api, operation, { payload: '{', ...json }));
  check(await call(api, operation, { payload: 'text', headers: { 'content-type': 'text/plain' } }));
  const tooMuch = `{"x":"${'y'.repeat(operation.bodyLimit ?? 65_536)}"}`;
  check(await call(api, operation, { payload: tooMuch, ...json }));
  const { schema, example } = requestBody?.content['application/json'] ?? {};
  if (schema === undefined) return;
  for (const body of wrongBodies(schema, (example ?? {}) as object)) {
    const answer = await call(api, operation, { payload: JSON.stringify(body), ...json });
    assert.equal(
      answer.statusCode,
      400,
      `${JSON.stringify(body)} is forbidden by the document: ${answer.body}`,
    );
    check(answer);
  }
}

/** Calls while others change every record at the same time, then while the store and the server's settings fail. */
async function troubledTries(
  api: RestTest,
  operation: Operation,
  prepared: readonly Try[],
  check: (answer: LightMyRequestResponse) => void,
) {
  const { save } = api.store;
  Object.assign(api.store, { save: async () => 'stale' });
  for (const one of prepared) check(await call(api, operation, one));
  Object.assign(api.store, { save });
  // The key is known from the calls before, so that it is the operation itself that fails.
  const broken = () => {
    throw new Error('broken');
  };
  for (const name of Object.keys(api.store)) Object.assign(api.store, { [name]: broken });
  Object.defineProperty(api, 'now', { get: broken });
  for (const one of prepared) check(await call(api, operation, one));
}

/** The word for programs that the document shows of an error. */
function codeIn(status: string, example: unknown): string[] {
  return Number(status) < 400 ? [] : [(example as { code: string }).code];
}

/** A stream of events is not waited for. */
const EVENT_STREAM = 'text/event-stream';
function isEndless({ answers }: Operation): boolean {
  return answers[200]?.contentTypes?.includes(EVENT_STREAM) === true;
}

function chosenOf({ answers }: Operation, status: string): Record<string, Media> {
  return Object.fromEntries((answers[Number(status)]?.chosenTypes ?? []).map((type) => [type, {}]));
}

for (const operation of operations) {
  const { operationId } = operation;
  test(`${operationId} answers what the document says, and all of it`, async (t) => {
    await using api = await restTest();
    const reached: Reached = new Map();
    const check = (answer: LightMyRequestResponse) =>
      checkAnswer(operation, described(operation), answer, reached);
    const prepare = tries[operationId] ?? (async () => (isEndless(operation) ? [] : [{}]));
    await commonTries(api, operation, check);
    for (const one of await prepare(api)) check(await call(api, operation, one));
    assert.deepEqual(api.bugs, []);
    await troubledTries(api, operation, await prepare(api), check);

    const excused = { ...unreachable['*'], ...unreachable[operationId] };
    const missing = Object.entries(described(operation).responses)
      .filter(([status]) => !(status in excused))
      .flatMap(([status, { content }]) =>
        Object.entries({ ...(content ?? { '': {} }), ...chosenOf(operation, status) })
          .flatMap(([type, { example }]) => [type, ...codeIn(status, example)])
          .filter((reported) => reported !== EVENT_STREAM && !reached.get(status)?.has(reported))
          .map((reported) => `${status} ${reported}`.trim()),
      );
    if (!(operationId in tries))
      return missing.length > 0 ? t.todo(`tries that reach ${missing.join(', ')}`) : undefined;
    assert.deepEqual(missing, [], 'documented, but no try was answered so');
    for (const status of Object.keys(excused)) assert.ok(!reached.has(status), `${status} is reachable`);
  });
}

test('every body, every good answer in JSON and every error has an example that fits its shape', () => {
  for (const operation of operations) {
    const { operationId, requestBody, responses, parameters } = described(operation);
    const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
    for (const [type, { schema, example }] of contents.flatMap((content) => Object.entries(content ?? {}))) {
      if (!/[/+]json$/.test(type)) continue;
      assert.ok(example !== undefined, `${operationId}: give the shape of ${type} an example`);
      mustFit(schema ?? {}, example, operationId);
    }
    for (const { name, schema, example } of parameters)
      if (example !== undefined) mustFit(schema, example, `${operationId} ${name}`);
  }
});

test('the examples inside the named shapes fit them', () => {
  for (const [name, schema] of Object.entries<{ examples?: unknown[] }>(document.components.schemas))
    for (const example of schema.examples ?? []) mustFit(schema, example, name);
});

test('there are no tries and no excuses of operations that are gone', () => {
  const known = new Set([...operations.map(({ operationId }) => operationId), '*']);
  for (const name of [...Object.keys(tries), ...Object.keys(unreachable)]) assert.ok(known.has(name), name);
});
