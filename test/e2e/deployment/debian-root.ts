import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Debian in a folder, and copies of it that programs can change: for tests of packages where there is no container engine. */

/** Debian 12 without anything that it can do without; debootstrap takes it from Debian. It is used again by later runs. */
const BASE = join(import.meta.dirname, '../../../node_modules/.cache/esim-debian-bookworm');

/** Why the tests are skipped: they need root, mounts and debootstrap. */
export function withoutDebian(): string | false {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (spawnSync('debootstrap', ['--version']).error) return 'debootstrap is not installed';
  if (spawnSync('unshare', ['--mount', '--net', 'true']).status !== 0) return 'it needs root and namespaces';
  return baseOf();
}

function baseOf(): string | false {
  if (existsSync(BASE)) return false;
  const scratch = `${BASE}-${process.pid}`;
  mkdirSync(scratch, { recursive: true });
  const { status, stdout } = spawnSync('debootstrap', ['--variant=minbase', 'bookworm', scratch], {
    encoding: 'utf8',
  });
  if (status === 0 && !existsSync(BASE)) renameSync(scratch, BASE);
  else rmSync(scratch, { recursive: true, force: true });
  return existsSync(BASE) ? false : `debootstrap failed: ${stdout.slice(-300)}`;
}

type RunOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Has nothing but loopback. */
  readonly isOffline?: true;
};

/** A root folder: what is written to it is in `changes`. */
export type Root = Disposable & {
  readonly changes: string;
  /** Runs a command line of sh in it, with nothing in the environment but `env`; returns what it writes. */
  run(line: string, options?: RunOptions): string;
  /** The command line of sh that mounts it, writable or not, at `at`, in a mount namespace of its own. */
  mount(at: string, isReadOnly?: boolean): string;
};

/** `machine`: the system on which the tests run; `debian`: the Debian of above. */
export function copyRoot(of: 'machine' | 'debian'): Root {
  const folder = mkdtempSync(join(tmpdir(), 'esim-root-'));
  const [changes, work, at] = ['changes', 'work', 'at'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [changes, work, at]) mkdirSync(path);
  if (of === 'debian') {
    mkdirSync(join(changes, 'etc'));
    cpSync('/etc/resolv.conf', join(changes, 'etc/resolv.conf'), { dereference: true });
    writeFileSync(join(changes, 'etc/hosts'), '127.0.0.1 localhost\n'); // as container engines do
  }
  const mount = (place: string, isReadOnly = false) =>
    `mount -t overlay overlay -o ${isReadOnly ? 'ro,' : ''}lowerdir=${of === 'debian' ? BASE : '/'},upperdir=${changes},workdir=${work} ${place}` +
    ` && mount --bind /dev ${place}/dev && mount -t proc proc ${place}/proc`;
  return {
    changes,
    mount,
    run: (line, { cwd = '/', env = {}, isOffline } = {}) => {
      const inside = `cd "${cwd}" && ${line}`;
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        [
          '--mount',
          ...(isOffline ? ['--net'] : []),
          'sh',
          '-c',
          `${isOffline ? 'ip link set lo up && ' : ''}${mount(at)} && exec chroot ${at} sh -c "$0"`,
          inside,
        ],
        {
          encoding: 'utf8',
          env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
        },
      );
      if (status !== 0) throw new Error(`${line}: ${status}\n${stdout}\n${stderr}`);
      return stdout;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
