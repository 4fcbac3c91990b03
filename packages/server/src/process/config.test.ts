import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { ConfigError, readConfig } from './config.ts';
import { envExample, settings } from './settings.ts';

/** For every key a value that it must not take. */
const bad: Readonly<Record<keyof typeof settings, string>> = {
  ESIM_DATA_DIR: 'a\0b',
  ESIM_MASTER_KEY: 'c2hvcnQ=',
  ESIM_MASTER_KEY_FILE: '\0',
  ESIM_MASTER_KEY_COMMAND: '\0',
  ESIM_MASTER_KEY_URI: 'pkcs11:token=esim',
  ESIM_DATABASE_URL: 'mysql://localhost/esim',
  ESIM_DATABASE_DIRECT_URL: 'localhost',
  ESIM_DATABASE_CONNECTIONS: '0',
  ESIM_DATABASE_PREPARE: 'no',
  ESIM_DATABASE_STATEMENT_MS: '1',
  ESIM_DATABASE_LOCK_MS: 'long',
  ESIM_DATABASE_WAIT_MS: '-1',
  ESIM_WORKERS: '0',
  ESIM_PKI_DIR: '\0',
  ESIM_PKI_STRICT: 'very',
  ESIM_PKCS11_PIN: '1'.repeat(257),
  ESIM_PKCS11_PIN_FILE: '\0',
  ESIM_PKCS11_TIMEOUT_MS: '99',
  ESIM_PKCS11_SESSIONS: '0',
  ESIM_HTTP_CERT: '\0',
  ESIM_HTTP_KEY: '\0',
  ESIM_HTTP_BEHIND_TLS: 'yes',
  ESIM_HTTP_HOST: 'http://localhost',
  ESIM_HTTP_PORT: '65536',
  ESIM_ES9_HOST: 'two hosts',
  ESIM_ES9_PORT: '-1',
  ESIM_ES9_TLS: 'maybe',
  ESIM_ES2_HOST: 'http://localhost',
  ESIM_ES2_PORT: '8444a',
  ESIM_ES2_CERT_PROXIES: 'localhost',
  ESIM_SMDP_ADDRESS: 'https://rsp.example.com/',
  ESIM_DEMO: '2',
  ESIM_BOOTSTRAP_USER_ID: 'with space',
  ESIM_BOOTSTRAP_API_KEY: 'secret with space',
  ESIM_UPSTREAM_ALLOW_PRIVATE: 'perhaps',
  ESIM_CORE_ALLOW_PRIVATE: 'perhaps',
  ESIM_WEBHOOK_ALLOW_PRIVATE: 'perhaps',
  ESIM_DNS_SERVERS: '192.0.2.53,example.com',
  ESIM_KEEP_EVENTS: '0',
  ESIM_KEEP_AUDIT: 'forever',
  ESIM_ARCHIVE: '\0',
  ESIM_CORE_FILES: '\0',
  ESIM_KEEP_DELIVERIES: '0',
  ESIM_KEEP_SESSIONS: '-1',
  ESIM_SMTP_URL: 'https://mail.example.com',
  ESIM_SMTP_PASSWORD: 'two\nlines',
  ESIM_SMTP_STARTTLS: 'perhaps',
  ESIM_SMTP_CA: '\0',
  ESIM_MAIL_FROM: 'esim',
  ESIM_MAIL_ALERTS_TO: 'anna@example.com,nobody',
  ESIM_MAIL_PER_MINUTE: '1',
  ESIM_AUDIT_ANCHOR_MINUTES: '0',
  ESIM_AUDIT_ANCHOR_FILE: '\0',
  ESIM_AUDIT_ANCHOR_WEBHOOK_URL: 'log-host.example.com',
  ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET: 'whsec_c2hvcnQ=',
  ESIM_LOG_LEVEL: 'loud',
  ESIM_LOG_IDENTIFIERS: 'maybe',
  ESIM_SESSION_SECONDS: '0',
  ESIM_RESULT_SECONDS: '1.5',
  ESIM_IDEMPOTENCY_HOURS: '0',
  ESIM_RATE_PER_KEY: 'many',
  ESIM_RATE_PER_ADDRESS: '-1',
  ESIM_RATE_PER_UPSTREAM: 'many',
  ESIM_CODE_ATTEMPTS_PER_EUICC: '-',
  ESIM_CODE_ATTEMPTS_PER_ADDRESS: 'x',
  ESIM_CONSOLE_URL: 'rsp.example.com',
  ESIM_OIDC_ISSUER: 'http://id.example.com',
  ESIM_OIDC_CLIENT_ID: 'two words',
  ESIM_OIDC_CLIENT_SECRET: 'two words',
  ESIM_OIDC_SCOPES: 'email',
  ESIM_OIDC_NAME: '\n',
  ESIM_OIDC_ACCOUNT: 'two words',
  ESIM_OIDC_ROLE_CLAIM: 'two words',
  ESIM_OIDC_ROLES: 'admins=root',
  ESIM_SIGN_IN_ATTEMPTS: '-1',
  ESIM_SIGN_IN_DAYS: '0',
  ESIM_SIGN_IN_IDLE_HOURS: '0',
  ESIM_TRUST_PROXY: 'perhaps',
  ESIM_PROXY_PROTOCOL: 'yes please',
  ESIM_MAX_CONNECTIONS: '0',
  ESIM_MAX_CONNECTIONS_PER_ADDRESS: '0',
  ESIM_MAX_WAIT_MS: '5',
  ESIM_MAX_IN_PROGRESS: '0',
  ESIM_DOWNLOAD_ATTEMPTS: 'ten',
  ESIM_CONFIRMATION_CODE_ATTEMPTS: '0x10',
  ESIM_ES9_BODY_KB: '99999999999',
  ESIM_REQUEST_SECONDS: '601',
  ESIM_INSTALL_URL: 'https://esim.example.com/path',
  ESIM_INSTALL_HOST: 'not a host',
  ESIM_INSTALL_PORT: '65536',
  ESIM_RATE_INSTALL_PER_ADDRESS: '-1',
  ESIM_METRICS_HOST: 'not a host',
  ESIM_METRICS_PORT: '65536',
  ESIM_METRICS_TOKEN: 'short',
  ESIM_METRICS_PROFILE_TYPES: '-1',
  ESIM_DRAIN_SECONDS: '1e3',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

test('an empty environment gives the documented defaults', () => {
  const config = readConfig({});
  assert.equal(config.dataDir, resolve('data'));
  assert.equal(config.pkiDir, resolve('data/pki'));
  assert.deepEqual([config.httpHost, config.httpPort], ['127.0.0.1', 8080]);
  assert.deepEqual([config.es9Host, config.es9Port, config.es9Tls], ['127.0.0.1', 8443, true]);
  assert.deepEqual([config.es2Host, config.es2Port], ['127.0.0.1', 8444]);
  assert.equal(config.smdpAddress, undefined);
  assert.equal(config.demo, false);
  assert.deepEqual(config.bootstrap, {});
  assert.deepEqual(config.warnings, []);
});

test('webhooks, upstreams and core networks go into private networks in the demo only, unless the settings say otherwise', () => {
  for (const [key, member] of [
    ['ESIM_WEBHOOK_ALLOW_PRIVATE', 'webhookAllowPrivate'],
    ['ESIM_UPSTREAM_ALLOW_PRIVATE', 'upstreamAllowPrivate'],
    ['ESIM_CORE_ALLOW_PRIVATE', 'coreAllowPrivate'],
  ] as const) {
    const allowed = (env: Record<string, string>) => readConfig(env)[member];
    assert.deepEqual([allowed({}), allowed({ ESIM_DEMO: '1' })], [false, true]);
    const own = (text: string) => ({ [key]: text });
    assert.deepEqual([allowed(own('1')), allowed({ ...own('0'), ESIM_DEMO: '1' })], [true, false]);
  }
});

test('the PKI folder follows the data folder', () => {
  assert.equal(readConfig({ ESIM_DATA_DIR: '/srv/esim' }).pkiDir, '/srv/esim/pki');
});

const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;
/** What must be set too. */
const otherHalf: Readonly<Record<string, Record<string, string>>> = {
  ESIM_HTTP_CERT: { ESIM_HTTP_KEY: 'rest.pem' },
  ESIM_HTTP_KEY: { ESIM_HTTP_CERT: 'rest.pem' },
  ESIM_AUDIT_ANCHOR_WEBHOOK_URL: { ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET: SECRET },
  ESIM_AUDIT_ANCHOR_WEBHOOK_SECRET: { ESIM_AUDIT_ANCHOR_WEBHOOK_URL: 'https://log.example' },
};

for (const [key, value] of Object.entries(bad))
  test(`a bad ${key} is refused by name with what was expected`, () => {
    const problems = problemsOf({ ...otherHalf[key], [key]: value });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', new RegExp(`^${key} is .+ is expected$`));
  });

test('all bad keys are reported at once', () => {
  const problems = problemsOf(bad);
  const reported = problems.map((problem) => problem.split(' ')[0]);
  const excess = 'ESIM_MASTER_KEY'; // its value is bad, and it is one of three of which one is expected
  assert.deepEqual(reported.toSorted(), [...Object.keys(bad), excess].toSorted());
});

test('what is kept too short for what needs it is refused', () => {
  const days = (ESIM_KEEP_EVENTS: string, ESIM_KEEP_AUDIT: string, ESIM_KEEP_DELIVERIES: string) =>
    problemsOf({ ESIM_KEEP_EVENTS, ESIM_KEEP_AUDIT, ESIM_KEEP_DELIVERIES });
  assert.deepEqual(readConfig({}).keep, { deliveries: 30, sessions: 1 });
  assert.deepEqual([days('30', '30', '30'), days('90', '', ''), days('', '', '3650')], [[], [], []]);
  assert.match(days('7', '', '').join(), /^ESIM_KEEP_EVENTS is 7, and ESIM_KEEP_DELIVERIES is 30: /);
  assert.match(days('', '400', '').join(), /^ESIM_KEEP_AUDIT is 400, and ESIM_KEEP_EVENTS is not set /);
  assert.match(days('400', '399', '').join(), /^ESIM_KEEP_AUDIT is 399, and ESIM_KEEP_EVENTS is 400: /);
});

test('a bad API key is not repeated in the error', () => {
  const problems = problemsOf({ ESIM_BOOTSTRAP_API_KEY: 'hush hush' });
  assert.ok(!problems.join().includes('hush'));
});

test('an OpenID provider needs a client, an account and the address of the console, and roles need both settings', () => {
  const whole = {
    ESIM_OIDC_ISSUER: 'https://id.example.com',
    ESIM_OIDC_CLIENT_ID: 'esim',
    ESIM_OIDC_ACCOUNT: 'operator',
    ESIM_CONSOLE_URL: 'https://rsp.example.com',
  };
  assert.deepEqual(problemsOf(whole), []);
  assert.equal(readConfig(whole).openid?.name, 'id.example.com');
  for (const name of Object.keys(whole).slice(1)) {
    const [problem = '', ...others] = problemsOf({ ...whole, [name]: '' });
    assert.deepEqual([problem.startsWith(`${name} is not set`), others], [true, []], problem);
  }
  assert.match(problemsOf({ ESIM_OIDC_CLIENT_ID: 'esim' }).join(), /without ESIM_OIDC_ISSUER/);
  assert.match(problemsOf({ ...whole, ESIM_OIDC_ROLES: 'a=admin' }).join(), /ESIM_OIDC_ROLE_CLAIM/);
  const roles = { ESIM_OIDC_ROLE_CLAIM: 'groups', ESIM_OIDC_ROLES: 'cn=a=admin, b=viewer' };
  const { byValue } = readConfig({ ...whole, ...roles }).openid?.roles ?? assert.fail();
  assert.deepEqual(
    [...byValue],
    [
      ['cn=a', 'admin'],
      ['b', 'viewer'],
    ],
  );
});

test('an empty value counts as absent', () => {
  assert.equal(readConfig({ ESIM_HTTP_PORT: '', ESIM_SMDP_ADDRESS: '' }).httpPort, 8080);
});

test('the listeners need a port each', () => {
  assert.match(problemsOf({ ESIM_ES9_PORT: '8080' })[0] ?? '', /both 8080/);
  assert.match(
    problemsOf({ ESIM_ES2_PORT: '8443' })[0] ?? '',
    /ESIM_ES9_PORT and ESIM_ES2_PORT are both 8443/,
  );
  assert.deepEqual(problemsOf({ ESIM_ES2_PORT: '8443', ESIM_ES2_HOST: '127.0.0.2' }), []);
  assert.deepEqual(problemsOf({ ESIM_ES9_PORT: '0', ESIM_HTTP_PORT: '0' }), []);
});

test('a certificate of REST needs its key, and a key its certificate', () => {
  assert.match(problemsOf({ ESIM_HTTP_CERT: 'rest.pem' })[0] ?? '', /^ESIM_HTTP_KEY is not set/);
  assert.match(problemsOf({ ESIM_HTTP_KEY: 'rest.key' })[0] ?? '', /^ESIM_HTTP_CERT is not set/);
  const { httpTls } = readConfig({ ESIM_HTTP_CERT: 'rest.pem', ESIM_HTTP_KEY: 'rest.key' });
  assert.deepEqual(httpTls, { cert: resolve('rest.pem'), key: resolve('rest.key') });
});

test('ES2+ follows the port of ES9+ until it has one of its own', () => {
  const es2Port = (env: Record<string, string>) => readConfig(env).es2Port;
  assert.equal(es2Port({ ESIM_ES9_PORT: '9443' }), 9444);
  assert.equal(es2Port({ ESIM_ES9_PORT: '0', ESIM_HTTP_PORT: '0' }), 0);
  assert.equal(es2Port({ ESIM_ES9_PORT: '65535' }), 0);
  assert.equal(es2Port({ ESIM_ES9_PORT: '9443', ESIM_ES2_PORT: '7000' }), 7000);
});

test('an unknown ESIM_ key is warned about, the keys of the command line are not', () => {
  const { warnings } = readConfig({
    ESIM_HTPP_PORT: '1',
    ESIM_URL: 'x',
    ESIM_USER_ID: 'x',
    ESIM_API_KEY: 'x',
  });
  assert.deepEqual(warnings, ['ESIM_HTPP_PORT is not a setting of this server and is ignored']);
});

test('.env.example lists every key with a value that changes nothing', () => {
  const file = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8');
  assert.equal(file, envExample(), 'write it anew: node scripts/env-example.ts');
  const values = parseEnv(file.replaceAll(/^# (?=ESIM_)/gm, ''));
  assert.deepEqual(Object.keys(values).toSorted(), Object.keys(settings).toSorted());
  const { smdpAddress, bootstrap, ...config } = readConfig(values);
  assert.equal(smdpAddress, 'localhost:8443');
  assert.deepEqual({ ...config, bootstrap: {} }, readConfig({}));
});

test('a secret may be in a file; the file must be readable, and the value must not be set twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-secret-'));
  try {
    const file = join(folder, 'url');
    writeFileSync(file, 'postgres://esim:secret@db/esim\n');
    const config = readConfig({ ESIM_DATABASE_URL_FILE: file });
    assert.equal(config.database?.url, 'postgres://esim:secret@db/esim');
    assert.deepEqual(config.warnings, []);
    const twice = { ESIM_DATABASE_URL: 'postgres://db/esim', ESIM_DATABASE_URL_FILE: file };
    assert.throws(() => readConfig(twice), /ESIM_DATABASE_URL and ESIM_DATABASE_URL_FILE are both set/);
    const missing = { ESIM_METRICS_TOKEN_FILE: join(folder, 'none') };
    assert.throws(() => readConfig(missing), /ESIM_METRICS_TOKEN_FILE is ".*none": a file .* \(ENOENT\)/);
    writeFileSync(file, 'not a url with a secret');
    assert.throws(
      () => readConfig({ ESIM_DATABASE_URL_FILE: file }),
      (error: Error) =>
        /ESIM_DATABASE_URL is not usable/.test(error.message) && !/secret/.test(error.message),
    );
    assert.match(envExample(), /ESIM_DATABASE_URL_FILE=\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a placeholder that was not replaced prevents the start', () => {
  assert.throws(
    () => readConfig({ ESIM_DATABASE_URL: 'postgres://esim:REPLACE-ME@db/esim' }),
    /ESIM_DATABASE_URL still has the placeholder REPLACE-ME: replace it/,
  );
  assert.throws(
    () => readConfig({ ESIM_SMDP_ADDRESS: 'REPLACE-ME.example.com' }),
    /ESIM_SMDP_ADDRESS still has/,
  );
});
