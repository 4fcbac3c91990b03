import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** Prints what is loaded with the start, and then what is loaded with a library by itself: in a process that has loaded nothing else. */
const script = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ resolve: (specifier, context, next) => (loaded.push(specifier), next(specifier, context)) });
await import(${JSON.stringify(new URL('../start.ts', import.meta.url).href)});
const atStart = loaded.splice(0);
await import('openid-client');
console.log(JSON.stringify({ atStart, later: loaded }));
`;

test('the libraries of passkeys and OpenID are not loaded at the start', () => {
  const out = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const { atStart, later } = JSON.parse(out) as Record<'atStart' | 'later', string[]>;
  assert.ok(atStart.includes('fastify'));
  assert.deepEqual(
    atStart.filter((name) => /openid-client|simplewebauthn/.test(name)),
    [],
  );
  assert.ok(later.includes('openid-client'), 'it would be seen');
});
