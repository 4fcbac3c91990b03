import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { harmfulIn } from '@esim-rsp/sgp22/value/text';
import type { TSchema } from '@sinclair/typebox';
import fc from 'fast-check';
import { operations } from '../operations.ts';
import { LIST, problemIn, restTest, subscription } from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());

const KEYS = '/api/v1/esim/keys';

for (const expires_at of [
  9_007_199_254_740_992,
  1e300,
  -1,
  '9007199254740992',
  '+275760-09-13T00:00:00Z',
  '9999-12-31T23:59:59Z',
])
  test(`a key that expires at ${JSON.stringify(expires_at)} is refused, and the account still works`, async () => {
    const answer = await api.post(KEYS, { scope: 'read', expires_at });
    const { errors } = problemIn(answer, 400, 'validation_failed');
    assert.equal(errors?.[0]?.field, 'expires_at');
    assert.equal((await api.call(KEYS)).statusCode, 200);
  });

/** The numbers in a shape that have no least or no greatest value, by their paths. */
function unbounded(shape: unknown, path = ''): string[] {
  if (typeof shape !== 'object' || shape === null) return [];
  const { type, minimum, maximum, enum: values } = shape as Partial<TSchema>;
  const isNumber = (type === 'integer' || type === 'number') && values === undefined;
  const inside = Object.entries(shape).flatMap(([name, part]) => unbounded(part, `${path}/${name}`));
  const isBounded = Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum);
  return isNumber && !isBounded ? [path, ...inside] : inside;
}

for (const { operationId, params, query, body } of operations)
  test(`every number that ${operationId} takes has a least and a greatest value`, () =>
    assert.deepEqual(unbounded([params, query, body]), []));

const harmful = fc.constantFrom(
  '\0',
  '\n',
  '\x1b[2J',
  '\x7f',
  '\x9b',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ud800',
  '\udfff',
);
const spoilt = fc
  .tuple(fc.string({ maxLength: 3 }), harmful, fc.string({ maxLength: 3 }))
  .map((parts) => parts.join(''));

/** Where a caller sends text that the server stores: the name of the member, and a request that has it. */
const texts: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
  'the name of a key': (name) => api.post(KEYS, { scope: 'read', name }),
  'the note of a webhook': (description) =>
    api.post('/api/v1/esim/webhooks', { url: 'https://192.0.2.1/', description }),
  'the provider of a profile': (service_provider_name) =>
    api.post(LIST, { parameters: subscription(), service_provider_name }),
  'the provider in the SIM': (service_provider_name) =>
    api.post(LIST, { parameters: { ...subscription(), service_provider_name } }),
  'the name of a profile': (profile_name) => api.post(LIST, { parameters: subscription(), profile_name }),
  'the type of a profile': (profile_type) => api.post(LIST, { parameters: subscription(), profile_type }),
  'the type of an order': (profile_type) => api.post(`${LIST}/order`, { profile_type }),
  'a confirmation code': async (confirmation_code) => {
    const { iccid } = (await api.post(LIST, { parameters: subscription() })).json();
    return api.post(`${LIST}/${iccid}/order`, { confirmation_code });
  },
};
for (const [what, send] of Object.entries(texts))
  test(`${what} has no control characters, bidirectional overrides or halves of characters`, () =>
    fc.assert(
      fc.asyncProperty(spoilt, async (text) => {
        const { errors } = problemIn((await send(text)) as never, 400, 'validation_failed');
        assert.ok(
          errors?.[0]?.message.startsWith(`has the character ${harmfulIn(text)}`),
          JSON.stringify(errors),
        );
      }),
      { numRuns: 15 },
    ));

test('texts in a query and in a path are held to the same', async () => {
  for (const url of [`${LIST}?profile_type=a%00b`, '/api/v1/esim/profile-templates/a%E2%80%AEb']) {
    const { errors } = problemIn(await api.call(url), 400, 'validation_failed');
    assert.match(errors?.[0]?.message ?? '', /^has the character U\+(0000|202E)/);
  }
});

test('an unknown member is named without its harmful characters', async () => {
  const { message, errors } = problemIn(await api.post(KEYS, { scope: 'read', 'na\u202eme': 'x' }), 400);
  assert.equal(errors?.[0]?.field, '/na\\u{202e}me');
  assert.equal(harmfulIn(message), undefined);
});
