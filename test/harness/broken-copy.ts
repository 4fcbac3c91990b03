import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** One replacement in one file: `from` must be in it exactly once. */
export type Replacement = { readonly file: string; readonly from: string; readonly to: string };

/** A copy of the packages, with one deliberate fault in it, that runs as the checkout does. */
export function brokenCopy({ file, from, to }: Replacement): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'esim-broken-'));
  cpSync(join(ROOT, 'packages'), join(root, 'packages'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  linkModules(join(root, 'node_modules'));
  const source = readFileSync(join(root, file), 'utf8');
  assert.equal(source.split(from).length, 2, `${file} contains the text to break once: ${from}`);
  writeFileSync(
    join(root, file),
    source.replace(from, () => to),
  );
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** The dependencies of the checkout; packages of this repository lead to the copy. */
function linkModules(folder: string): void {
  mkdirSync(folder);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    if (name === '@esim-rsp')
      cpSync(join(ROOT, 'node_modules', name), join(folder, name), {
        recursive: true,
        verbatimSymlinks: true,
      });
    else symlinkSync(join(ROOT, 'node_modules', name), join(folder, name));
  }
}
