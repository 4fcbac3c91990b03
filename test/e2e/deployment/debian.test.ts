import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unitForPackage, writeDebianPackage } from '../../../scripts/package/debian.ts';
import { writeTree } from '../../../scripts/package/tree.ts';
import { copyRoot, type Root, withoutDebian } from './debian-root.ts';

const isBuilder = process.platform === 'linux' && spawnSync('dpkg-deb', ['--version']).error === undefined;

test('the unit of the package has a user that stays, and the rights of the other one', {
  skip: spawnSync('systemd-analyze', ['--version']).error !== undefined && 'systemd-analyze is not installed',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-unit-'));
  const file = join(folder, 'esim-rsp.service');
  try {
    const unit = unitForPackage();
    assert.match(unit, /^User=esim-rsp$/m);
    writeFileSync(file, unit.replace('/usr/lib/esim-rsp/esim', process.execPath));
    const security = ['security', '--offline=yes', '--threshold=15', file];
    const { status, stdout } = spawnSync('systemd-analyze', security, { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the package is installed, serves, is upgraded, removed and purged in a Debian', {
  timeout: 900_000, // the compiler, dpkg-deb and apt-get are part of it
}, (t) => {
  const missing = isBuilder ? withoutDebian() : 'it needs Debian';
  if (missing) return t.skip(missing);
  const folder = mkdtempSync(join(tmpdir(), 'esim-deb-'));
  try {
    writeTree(join(folder, 'tree'));
    const file = writeDebianPackage(join(folder, 'tree'), folder);
    checkByLintian(file);
    using root = copyRoot('debian');
    copyFileSync(file, join(root.changes, 'first.deb'));
    copyFileSync(nextVersion(file, folder), join(root.changes, 'second.deb'));
    checkInstallation(root);
    checkServer(root);
    checkUpgrade(root);
    checkRemoval(root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function checkByLintian(file: string): void {
  const { stdout, error } = spawnSync('lintian', ['--no-cfg', '--allow-root', file], { encoding: 'utf8' });
  if (error !== undefined) return; // not installed
  assert.deepEqual(
    stdout.split('\n').filter((line) => /^[EW]:/.test(line)),
    [],
  );
}

/** The same package with the next version, and another default in its settings. */
function nextVersion(file: string, folder: string): string {
  const [parts, next] = [join(folder, 'parts'), join(folder, 'next.deb')];
  execFileSync('dpkg-deb', ['--raw-extract', file, parts]);
  const control = join(parts, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 99.0'));
  writeFileSync(join(parts, 'etc/esim-rsp/esim-rsp.env'), '# settings of the next version\n');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', parts, next], { stdio: 'pipe' });
  return next;
}

const APT =
  'DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Options::=--force-confold --no-install-recommends';
const SETTINGS = '/etc/esim-rsp/esim-rsp.env';

function checkInstallation(root: Root): void {
  root.run(`apt-get update -qq && ${APT} install --yes /first.deb`);
  assert.equal(
    root.run(`stat -c '%U:%G %a' /var/lib/esim-rsp ${SETTINGS}`),
    'esim-rsp:esim-rsp 700\nroot:esim-rsp 640\n',
  );
  assert.match(root.run('getent passwd esim-rsp'), /:\/var\/lib\/esim-rsp:\/usr\/sbin\/nologin$/m);
  assert.equal(root.run('dpkg --verify esim-rsp'), '', 'every file has its checksum');
  assert.match(root.run('esim --version'), /^\d+\.\d+\.\d+\n$/);
  assert.equal(
    root.run('find /usr/lib/esim-rsp /usr/bin/esim ! -user root -o -perm /022 ! -type l | head'),
    '',
  );
  assert.match(
    root.run('ls /etc/systemd/system/multi-user.target.wants'),
    /esim-rsp\.service/,
    'it is enabled',
  );
}

/** Starts it as the unit does, and uses the command as root. */
function checkServer(root: Root): void {
  root.run(`printf 'ESIM_DRAIN_SECONDS=3\\n' >> ${SETTINGS}`);
  const shown = root.run(
    [
      "setpriv --reuid=esim-rsp --regid=esim-rsp --init-groups sh -c 'cd /var/lib/esim-rsp && ESIM_DATA_DIR=/var/lib/esim-rsp exec /usr/lib/esim-rsp/esim serve --demo' >/tmp/out 2>&1 & server=$!",
      'for i in $(seq 300); do grep -q "esim profile list" /tmp/out && break; sleep 0.2; done',
      'esim status && esim profile list',
      'kill $server; wait $server; echo "ended with $?"',
    ].join('\n'),
    { isOffline: true },
  );
  assert.match(shown, /^ok +server /m);
  assert.match(shown, /8900101000000000019 +RELEASED/);
  assert.match(shown, /ended with 0\n$/);
  assert.equal(root.run('find /var/lib/esim-rsp ! -user esim-rsp'), '', 'root has left nothing there');
}

function checkUpgrade(root: Root): void {
  const before = root.run('sha256sum /var/lib/esim-rsp/esim.db; id esim-rsp');
  root.run(`${APT} install --yes /second.deb`);
  assert.match(root.run('dpkg-query --show esim-rsp'), /99\.0/);
  assert.match(root.run(`cat ${SETTINGS}`), /^ESIM_DRAIN_SECONDS=3$/m, 'the settings of the user stay');
  assert.match(root.run(`stat -c '%U:%G %a' ${SETTINGS}`), /^root:esim-rsp 640$/m);
  assert.equal(root.run('sha256sum /var/lib/esim-rsp/esim.db; id esim-rsp'), before);
}

function checkRemoval(root: Root): void {
  root.run(`${APT} remove --yes esim-rsp`);
  assert.ok(existsSync(join(root.changes, 'var/lib/esim-rsp/esim.db')));
  assert.equal(
    root.run(`test -e /usr/lib/esim-rsp || echo gone; test -e ${SETTINGS} && echo kept`),
    'gone\nkept\n',
  );
  root.run(`${APT} install --yes /first.deb --allow-downgrades`);
  assert.match(root.run(`cat ${SETTINGS}`), /^ESIM_DRAIN_SECONDS=3$/m);
  const purged = root.run(`${APT} purge --yes esim-rsp 2>&1`);
  assert.match(purged, /\/var\/lib\/esim-rsp with its profiles and keys was not removed/);
  assert.ok(existsSync(join(root.changes, 'var/lib/esim-rsp/esim.db')));
  assert.equal(
    root.run('test -e /etc/esim-rsp || echo gone; getent passwd esim-rsp >/dev/null && echo kept'),
    'gone\nkept\n',
  );
  root.run(`rm -r /var/lib/esim-rsp && ${APT} install --yes /first.deb && ${APT} purge --yes esim-rsp`);
  assert.equal(root.run('getent passwd esim-rsp || test -e /var/lib/esim-rsp || echo gone'), 'gone\n');
}
