import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../config.ts';
import { findRisks } from './risks.ts';

const settingsIn = (risks: readonly string[]) => risks.map((risk) => /\((ESIM_\w+?)_?…?\)$/.exec(risk)?.[1]);

test('settings for tests are risks, and those for operation are none', () => {
  const data = { ESIM_DATA_DIR: '/nowhere', ESIM_MASTER_KEY_FILE: '/etc/esim/master.key' };
  assert.deepEqual(findRisks(readConfig(data), 'rsp.example.com', []), []);
  const open = {
    ...data,
    ESIM_MASTER_KEY_FILE: '',
    ESIM_ES9_TLS: '0',
    ESIM_HTTP_HOST: '0.0.0.0',
    ESIM_HTTP_BEHIND_TLS: '1',
    ESIM_UPSTREAM_ALLOW_PRIVATE: '1',
    ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
    ESIM_RATE_PER_KEY: '0',
    ESIM_CODE_ATTEMPTS_PER_ADDRESS: '0',
  };
  assert.deepEqual(settingsIn(findRisks(readConfig(open), 'localhost:8443', [])), [
    'ESIM_SMDP_ADDRESS',
    'ESIM_MASTER_KEY_FILE',
    'ESIM_ES9_TLS',
    'ESIM_HTTP_BEHIND_TLS',
    'ESIM_UPSTREAM_ALLOW_PRIVATE',
    'ESIM_WEBHOOK_ALLOW_PRIVATE',
    'ESIM_RATE_PER',
    'ESIM_CODE_ATTEMPTS_PER',
  ]);
});

test('a demo is a risk, with all that it allows by itself', () => {
  const demo = { ESIM_DATA_DIR: '/nowhere', ESIM_MASTER_KEY_FILE: '/etc/esim/master.key', ESIM_DEMO: '1' };
  assert.deepEqual(settingsIn(findRisks(readConfig(demo), 'rsp.example.com', [])), [
    'ESIM_DEMO',
    'ESIM_UPSTREAM_ALLOW_PRIVATE',
    'ESIM_CORE_ALLOW_PRIVATE',
    'ESIM_WEBHOOK_ALLOW_PRIVATE',
  ]);
});

test('private keys that are not sealed are a risk, with the command that seals them', () => {
  const data = {
    ESIM_DATA_DIR: '/nowhere',
    ESIM_MASTER_KEY_FILE: '/etc/esim/master.key',
    ESIM_PKI_DIR: '/pki',
  };
  assert.deepEqual(findRisks(readConfig(data), 'rsp.example.com', ['DPauth/a.pem', 'DPpb/b.pem']), [
    '2 private keys in /pki are not sealed (esim pki seal)',
  ]);
});
