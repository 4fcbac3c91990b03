import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';

test('the libraries of passkeys and OpenID are not loaded at the start', async () => {
  const loaded: string[] = [];
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      loaded.push(specifier);
      return next(specifier, context);
    },
  });
  await import('../start.ts');
  assert.ok(loaded.includes('fastify'));
  assert.deepEqual(
    loaded.filter((name) => /openid-client|simplewebauthn/.test(name)),
    [],
  );
  await import('openid-client');
  assert.ok(loaded.includes('openid-client'), 'it would be seen');
  hooks.deregister();
});
