/**
 * `npm run package [-- TARGET [PATH]]`, on Linux. Targets: `tarball`, the default, is written into the folder PATH
 * (dist); `debian` too; `tree` is the folder PATH itself, for container images.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDebianPackage } from './debian.ts';
import { writeTarball } from './tarball.ts';
import { ROOT, writeTree } from './tree.ts';

const [target = 'tarball', path = join(ROOT, 'dist')] = process.argv.slice(2);
const writers = { tarball: writeTarball, debian: writeDebianPackage } as const;

if (target === 'tree') writeTree(resolve(path));
else if (target in writers) {
  const scratch = mkdtempSync(join(tmpdir(), 'esim-package-'));
  try {
    writeTree(join(scratch, 'tree'));
    const file = writers[target as keyof typeof writers](join(scratch, 'tree'), resolve(path));
    console.log(`${file} (${(statSync(file).size / 1e6).toFixed(0)} MB)`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
} else {
  console.error(`There is no target ${target}: tree, ${Object.keys(writers).join(', ')}`);
  process.exit(2);
}
