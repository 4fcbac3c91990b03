import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSoftHsm, modulePath, withoutTokens } from '#server/keys/token/softhsm.harness';
import { runEsim } from '../../harness/esim.ts';
import { freePort } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { startServer } from '../../harness/server.ts';
import { guideFile, nginxConfig, startProxy, without } from '../proxies/programs.ts';
import { succeed } from './ceremony.ts';

const hasEngine = globSync('/usr/lib/*/engines-*/pkcs11.so').length > 0;
const withoutEngine = !hasEngine && 'the engine is not installed (apt-get install libengine-pkcs11-openssl)';

test('nginx terminates TLS with a DPtls key in a token, as the guide shows it', {
  skip: withoutTokens || without('nginx') || withoutEngine,
}, async () => {
  const port = await freePort();
  const settings = {
    ESIM_ES9_TLS: '0',
    ESIM_TRUST_PROXY: '127.0.0.1',
    ESIM_SMDP_ADDRESS: `localhost:${port}`,
  };
  await using server = await startServer(settings);
  using hsm = createSoftHsm('esim');
  const esim = (...args: string[]) => runEsim({ cwd: hsm.folder, env: hsm.env }, 'pki', ...args, '--json');
  const [csr, certificate] = [join(hsm.folder, 'dp-tls.csr'), join(hsm.folder, 'dp-tls.pem')];
  const token = ['--module', modulePath, '--token', 'esim', '--pin-file', hsm.pinFile];
  const { uri, file } = await succeed(esim('create-key', 'dp-tls', ...token));
  assert.equal(file, null, 'the server has no file for it');
  const content = ['--host', 'localhost', '--oid', '2.999.10', '--organization', 'Example'];
  await succeed(esim('request', 'dp-tls', '--key', String(uri), ...content, '--out', csr));
  await succeed(esim('sign', csr, '--out', certificate, '--dir', server.pkiDir));

  await using _nginx = await startProxy('nginx', {
    port,
    env: { ...hsm.env, PKCS11_MODULE_PATH: modulePath },
    config: (folder) => {
      const text = guideFile('nginx-hsm.conf', {
        'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
        '127.0.0.1:18443': `127.0.0.1:${new URL(server.es9Url).port}`,
        '/etc/esim-rsp/dp-tls.pem': certificate,
        '/etc/esim-rsp/pin': hsm.pinFile,
        'rsp.example.com': 'localhost',
      });
      return nginxConfig(folder, 'http', text, ['user root;', 'ssl_engine pkcs11;']);
    },
  });
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');
});
