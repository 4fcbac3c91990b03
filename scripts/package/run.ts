/** `npm run package [-- FOLDER]`: writes the tarball for Linux, with everything inside, into FOLDER (dist). */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeTarball } from './tarball.ts';
import { ROOT, writeTree } from './tree.ts';

const target = resolve(process.argv[2] ?? join(ROOT, 'dist'));
const scratch = mkdtempSync(join(tmpdir(), 'esim-package-'));
try {
  const tree = join(scratch, 'tree');
  writeTree(tree);
  const file = writeTarball(tree, target);
  console.log(`${file} (${(statSync(file).size / 1e6).toFixed(0)} MB)`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
