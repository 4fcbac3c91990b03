import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DEBIAN_ARCHITECTURE, filesIn, ROOT, sourceTime, VERSION } from './tree.ts';

const PARTS = join(import.meta.dirname, 'debian');
const PROGRAM = 'usr/lib/esim-rsp';
const PAGES = 'usr/share/doc/esim-rsp';

/** Writes the tree as a package for Debian into a folder. The same tree gives the same octets. */
export function writeDebianPackage(tree: string, folder: string): string {
  const root = mkdtempSync(join(tmpdir(), 'esim-debian-'));
  try {
    for (const path of ['bin', 'node_modules', 'esim'])
      cpSync(join(tree, path), join(root, PROGRAM, path), { recursive: true });
    writePages(tree, root);
    put(root, 'usr/bin/esim', partOf('esim'), 0o755);
    put(root, 'etc/esim-rsp/esim-rsp.env', partOf('esim-rsp.env'), 0o640);
    put(root, 'lib/systemd/system/esim-rsp.service', unitForPackage());
    put(root, 'usr/share/lintian/overrides/esim-rsp', partOf('lintian-overrides'));
    writeControl(root);
    setModesAndTimes(root);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `esim-rsp_${VERSION}_${DEBIAN_ARCHITECTURE}.deb`);
    const build = ['--root-owner-group', '-Zgzip', '-z6', '--build', root, file];
    const env = { ...process.env, SOURCE_DATE_EPOCH: `${sourceTime()}` };
    execFileSync('dpkg-deb', build, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    return file;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function partOf(name: string): string {
  return readFileSync(join(PARTS, name), 'utf8');
}

function put(root: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
  chmodSync(join(root, path), mode);
}

/** The unit of deploy/ with a user that stays, because the data folder belongs to the user. */
export function unitForPackage(): string {
  const changes = {
    'ExecStart=/opt/esim-rsp/esim serve': `ExecStart=/${PROGRAM}/esim serve`,
    'DynamicUser=yes': 'User=esim-rsp\nGroup=esim-rsp',
  };
  const unit = readFileSync(join(ROOT, 'deploy/systemd/esim-rsp.service'), 'utf8');
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`esim-rsp.service does not contain ${from}`);
    return text.replace(from, to);
  }, unit);
}

/** The guide, the list of licences, the changes, and the page of the command. */
function writePages(tree: string, root: string): void {
  cpSync(join(tree, 'docs/guide'), join(root, PAGES, 'guide'), { recursive: true });
  cpSync(join(tree, 'deploy/prometheus'), join(root, PAGES, 'prometheus'), { recursive: true });
  put(root, `${PAGES}/env.example`, readFileSync(join(tree, '.env.example')));
  const licences = readFileSync(join(tree, 'LICENCES.md'), 'utf8');
  put(root, `${PAGES}/copyright`, copyright(licences));
  put(root, `${PAGES}/LICENCES.md.gz`, gzipSync(licences, { level: 9 }));
  const date = new Date(sourceTime() * 1000).toUTCString().replace('GMT', '+0000');
  const entry = `esim-rsp (${VERSION}) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${maintainer()}  ${date}\n`;
  put(root, `${PAGES}/changelog.gz`, gzipSync(entry, { level: 9 }));
  put(root, `${PAGES}/CHANGELOG.md.gz`, gzipSync(readFileSync(join(tree, 'CHANGELOG.md')), { level: 9 }));
  put(root, 'usr/share/man/man1/esim.1.gz', gzipSync(partOf('esim.1'), { level: 9 }));
}

function maintainer(): string {
  return /^Maintainer: (.*)$/m.exec(partOf('control'))?.[1] ?? '';
}

/** The table of the licences; their texts are in a file next to it, as far as Debian does not have them anyway. */
function copyright(licences: string): string {
  const [table = ''] = licences.split('\n## ');
  return `${table}
Copyright (C) 2026 the authors of esim-rsp, and those of each part.
The text of Apache-2.0 is in /usr/share/common-licenses/Apache-2.0, those of the other licences are in
/usr/share/doc/esim-rsp/LICENCES.md.gz.
`;
}

function writeControl(root: string): void {
  const files = filesIn(root);
  const sums = files.map(
    (path) =>
      `${createHash('md5')
        .update(readFileSync(join(root, path)))
        .digest('hex')}  ${path}\n`,
  );
  const kilobytes = files.reduce((sum, path) => sum + Math.ceil(statSync(join(root, path)).size / 1024), 0);
  const control = partOf('control')
    .replace('@VERSION@', VERSION)
    .replace('@ARCHITECTURE@', DEBIAN_ARCHITECTURE)
    .replace('@SIZE@', `${kilobytes}`);
  put(root, 'DEBIAN/control', control);
  put(root, 'DEBIAN/md5sums', sums.join(''));
  put(root, 'DEBIAN/conffiles', '/etc/esim-rsp/esim-rsp.env\n');
  for (const script of ['postinst', 'prerm', 'postrm']) put(root, `DEBIAN/${script}`, partOf(script), 0o755);
}

/** Nothing depends on the umask and the clock of the machine that makes the package. */
function setModesAndTimes(root: string): void {
  const time = sourceTime();
  for (const path of ['', ...globSync('**/*', { cwd: root })]) {
    const at = join(root, path);
    if (statSync(at).isDirectory()) chmodSync(at, 0o755);
    else if (!/^(?:DEBIAN\/p|etc\/|usr\/bin\/)/.test(path))
      chmodSync(at, [`${PROGRAM}/esim`, `${PROGRAM}/bin/node`].includes(path) ? 0o755 : 0o644);
    utimesSync(at, time, time);
  }
}
